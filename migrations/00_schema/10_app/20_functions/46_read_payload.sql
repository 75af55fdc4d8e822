-- Reads the body of a request by a list of its fields: the values as they are meant, or every problem at once.

create or replace function app.read_payload(p_prefix text, p_input jsonb, p_fields jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb;
    v_values jsonb;
begin
    if jsonb_typeof(p_input) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;

    with field as (
        select
            f.key as name,
            f.value ->> 'kind' as kind,
            coalesce((f.value ->> 'required')::boolean, false) as is_required,
            (f.value ->> 'minimum')::numeric as minimum,
            (f.value ->> 'maximum')::numeric as maximum,
            (f.value ->> 'decimals')::integer as decimals,
            p_input -> f.key as given,
            jsonb_typeof(p_input -> f.key) as type,
            -- Blank counts as not given.
            nullif(btrim(p_input ->> f.key, E' \t\r\n\u00a0'), '') as text
        from jsonb_each(p_fields) f
    ),
    judged as (
        select
            f.name,
            case when f.kind in ('text', 'url', 'date') then to_jsonb(f.text)
                when f.kind = 'uuid' then to_jsonb(lower(f.text)) else f.given end as value,
            case
                when f.type is null or f.type = 'null' or f.text is null
                    then case
                        when f.is_required then array['required', 'is required']
                        -- A blank is no day and nobody: it may have meant another thing than saying nothing.
                        when f.type = 'string' and f.kind = 'date' then array['type', 'must be a date such as 2026-01-31']
                        when f.type = 'string' and f.kind = 'uuid' then array['type', 'must be the id of a person']
                    end
                when f.kind in ('text', 'url') and f.type <> 'string' then array['type', 'must be text']
                when f.kind in ('text', 'url') and length(f.text) > f.maximum
                    then array['too_long', format('must have at most %s characters', f.maximum)]
                when f.kind = 'url' and not app.is_web_address(f.text)
                    then array['format', 'must be an address such as https://example.com/photo.jpg, without a name or a password in it']
                when f.kind = 'boolean' and f.type <> 'boolean' then array['type', 'must be true or false']
                when f.kind = 'uuid' and (f.type <> 'string' or f.text !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$')
                    then array['type', 'must be the id of a person']
                when f.kind in ('id', 'integer') and (f.type <> 'number' or f.text !~ '^-?[0-9]{1,18}$')
                    then array['type', 'must be a whole number']
                when f.kind = 'date' and (f.type <> 'string' or app.parse_date(f.text) is null)
                    then array['type', 'must be a date such as 2026-01-31']
                when f.kind = 'number' and f.type <> 'number' then array['type', 'must be a number']
                when f.kind = 'number' and f.text::numeric not between f.minimum and f.maximum
                    then array['range', format('must be from %s to %s', f.minimum, f.maximum)]
                when f.kind = 'number' and scale(trim_scale(f.text::numeric)) > f.decimals
                    then array['range', format('must have at most %s decimals', f.decimals)]
                when f.kind = 'id' and f.text::numeric < 1 then array['type', 'must be an id']
                when f.kind = 'integer' and f.text::numeric not between f.minimum and f.maximum
                    then array['range', format('must be from %s to %s', f.minimum, f.maximum)]
                when f.kind = 'ids' and (
                    f.type <> 'array' or f.given @? '$[*] ? (@.type() != "number" || @ < 1 || @ > 999999999999999999 || @ != @.floor())'
                ) then array['type', 'must be a list of ids']
                when f.kind = 'ids' and jsonb_array_length(f.given) not between f.minimum and f.maximum
                    then array['range', format('must have from %s to %s ids', f.minimum, f.maximum)]
            end as problem
        from field f
    )
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'field', j.name, 'code', concat_ws('.', p_prefix, j.name, j.problem[1]), 'message', j.problem[2]
                )
                order by j.name
            ) filter (where j.problem is not null),
            '[]'
        )
        || (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'field', left(k.name, 100), 'code', p_prefix || '.field.unknown', 'message', 'is no field here'
                    )
                    order by k.name
                ),
                '[]'
            )
            from jsonb_object_keys(p_input) as k (name)
            where not p_fields ? k.name
        ),
        jsonb_object_agg(j.name, j.value) filter (where j.value <> 'null')
    into v_problems, v_values
    from judged j;

    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return coalesce(v_values, '{}');
end
$$;

comment on function app.read_payload(text, jsonb, jsonb) is
    'p_prefix: what field codes begin with; p_input: the body; p_fields: {name: {kind, required, minimum, maximum, decimals}}, kind text and url (http or https; maximum characters), boolean, uuid, date, id, integer, number (maximum decimals), ids (minimum and maximum ids). Returns {name: value} without blank ones. Raises PT422 request.invalid with all of {field, code, message}: <prefix>.<field>.required, .type, .format, .range, .too_long, <prefix>.field.unknown.';
revoke all on function app.read_payload(text, jsonb, jsonb) from public;
grant execute on function app.read_payload(text, jsonb, jsonb) to authenticated;
