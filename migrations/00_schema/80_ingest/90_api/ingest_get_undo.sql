-- How far the undo of an import is, and a page of what it left alone.

create or replace function api.ingest_get_undo(p_import_id bigint, p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_undo jsonb;
begin
    perform app.require('import_undos', 'select');
    v_undo := ingest.undo_as_json(app.org_id(), p_import_id, p_limit, p_after);
    if v_undo is null then
        perform app.fail('PT404', 'import.undo.not_found', 'This import was not undone.', p_import_id::text);
    end if;
    return v_undo;
end
$$;

comment on function api.ingest_get_undo(bigint, integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns the undo as ingest.undo_as_json. Raises PT401, PT403, PT404 import.undo.not_found also for imports that the caller does not see (decisions §3, undo).';
revoke all on function api.ingest_get_undo(bigint, integer, jsonb) from public;
grant execute on function api.ingest_get_undo(bigint, integer, jsonb) to authenticated;
