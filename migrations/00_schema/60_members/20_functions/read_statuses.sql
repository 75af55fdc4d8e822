-- Reads which statuses of a member a request sets: what is named, null too, is to be changed.

create or replace function members.read_statuses(p_payload jsonb, p_fields jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb := app.read_payload('records', p_payload, p_fields);
    v_problems jsonb;
    v_given jsonb;
begin
    select
        jsonb_agg(
            jsonb_build_object(
                'field', s.field, 'code', format('records.%s.unknown', s.field),
                'message', format('must be %s or null', array_to_string(s.allowed, ', '))
            )
        ) filter (where (p_payload ->> s.field) <> all (s.allowed)),
        jsonb_object_agg(s.field, p_payload -> s.field)
    into v_problems, v_given
    from (
        values ('whatsapp_status', array['ada', 'ceklis1', 'tidak']), ('respond_status', array['ya', 'tidak'])
    ) as s (field, allowed)
    where p_payload ? s.field;

    if v_given is null then
        select jsonb_agg(
            jsonb_build_object('field', f.key, 'code', format('records.%s.required', f.key), 'message', 'is required, null too')
            order by f.key
        )
        into v_problems
        from jsonb_object_keys(p_fields - 'record_ids') as f (key);
    end if;
    if v_problems is not null then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_wanted || v_given;
end
$$;

comment on function members.read_statuses(jsonb, jsonb) is
    'p_fields: as for app.read_payload, of whatsapp_status (ada, ceklis1, tidak), respond_status (ya, tidak) and record_ids. Returns the fields that were given, null where they were null. Raises PT422 (spec: member §5.3).';
revoke all on function members.read_statuses(jsonb, jsonb) from public;
