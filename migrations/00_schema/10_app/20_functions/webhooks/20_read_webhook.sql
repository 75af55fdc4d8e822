-- Reads the body that makes or changes a webhook: values as they are meant, or every problem at once.

create or replace function app.read_webhook(p_input jsonb, p_is_new boolean) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_topics jsonb := p_input -> 'topics';
    v_problem text[];
    v_values jsonb;
begin
    v_values := app.read_payload(
        'webhook',
        case when jsonb_typeof(p_input) = 'object' then p_input - 'topics' else p_input end,
        jsonb_build_object(
            'url', jsonb_build_object('kind', 'text', 'required', p_is_new, 'maximum', 2000),
            'description', jsonb_build_object('kind', 'text', 'maximum', 200)
        ) || case when p_is_new then '{}'::jsonb else '{"is_active": {"kind": "boolean"}}'::jsonb end
    );

    if v_values ->> 'url' !~* '^https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?([/?][!-"$-~]*)?$' then
        v_problem := array['url', 'webhook.url.invalid', 'must be an address such as https://example.com/hook, without a name or a password in it'];
    elsif v_topics is null or v_topics = 'null' then
        if p_is_new then
            v_problem := array['topics', 'webhook.topics.required', 'is required'];
        end if;
    elsif jsonb_typeof(v_topics) <> 'array' or v_topics @? '$[*] ? (@.type() != "string")' then
        v_problem := array['topics', 'webhook.topics.type', 'must be a list of topics'];
    elsif jsonb_array_length(v_topics) not between 1 and 50 then
        v_problem := array['topics', 'webhook.topics.range', 'must have from 1 to 50 topics'];
    else
        -- A topic that nothing is ever about would never be heard of again.
        select array['topics', 'webhook.topics.unknown', format('%s is no topic', left(t.topic, 100))]
        into v_problem
        from jsonb_array_elements_text(v_topics) with ordinality as t (topic, position)
        where t.topic <> '*'
          and (
              t.topic !~ '^[a-z][a-z0-9_]*\.([a-z0-9_.]{1,80}|\*)$'
              or not exists (
                  select from app.role_permissions p where p.resource = split_part(t.topic, '.', 1) and p.action = 'select'
              )
          )
        order by t.position
        limit 1;
    end if;
    if v_problem is not null then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            jsonb_build_array(jsonb_build_object('field', v_problem[1], 'code', v_problem[2], 'message', v_problem[3]))::text
        );
    end if;
    return v_values || case when v_topics is null or v_topics = 'null' then '{}'::jsonb else jsonb_build_object('topics', v_topics) end;
end
$$;

comment on function app.read_webhook(jsonb, boolean) is
    'p_input {url, topics, description, is_active unless p_is_new}. Returns what was given. Raises PT422 request.invalid: webhook.url.required, .invalid, webhook.topics.required, .type, .range, .unknown, and what app.read_payload raises. Rule: design §8.';
revoke all on function app.read_webhook(jsonb, boolean) from public;
