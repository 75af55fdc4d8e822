-- What a module must be told beside the rows, checked and in one spelling.

create or replace function ingest.check_options(p_module text, p_options jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_options jsonb := coalesce(p_options, '{}');
    v_faults jsonb;
begin
    if jsonb_typeof(v_options) <> 'object' then
        perform app.fail(
            'PT422', 'request.invalid', 'The options are not valid.',
            '[{"field": "options", "code": "request.not_an_object", "message": "must be an object"}]'
        );
    end if;

    -- The one module whose rows do not say themselves where they belong.
    if p_module = 'member_records' then
        return members.check_import_options(v_options);
    end if;

    select jsonb_agg(
        jsonb_build_object(
            'field', 'options.' || left(o.key, 100), 'code', 'request.extra_forbidden',
            'message', 'is no option of this module'
        )
        order by o.key
    )
    into v_faults
    from jsonb_object_keys(v_options) as o (key);
    if v_faults is not null then
        perform app.fail('PT422', 'request.invalid', 'The options are not valid.', v_faults::text);
    end if;
    return v_options;
end
$$;

comment on function ingest.check_options(text, jsonb) is
    'p_options: what came with the file. Returns it normalised. Raises PT422 request.invalid naming each option that the module does not know, and what members.check_import_options raises (design §7).';
revoke all on function ingest.check_options(text, jsonb) from public;
