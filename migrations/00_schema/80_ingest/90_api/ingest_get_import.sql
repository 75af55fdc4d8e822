-- One import that the caller sees.

create or replace function api.ingest_get_import(p_import_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import jsonb;
begin
    perform app.require('imports', 'select');
    v_import := ingest.import_as_json(app.org_id(), p_import_id);
    if v_import is null then
        perform app.fail('PT404', 'import.not_found', 'There is no such import.', p_import_id::text);
    end if;
    return v_import;
end
$$;

comment on function api.ingest_get_import(bigint) is
    'Returns state, counts, columns and file of the import. Raises PT401, PT403, PT404 import.not_found also for one that the caller cannot see (spec: command_center §3.7).';
revoke all on function api.ingest_get_import(bigint) from public;
grant execute on function api.ingest_get_import(bigint) to authenticated;
