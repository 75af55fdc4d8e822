-- Forgets a mapping of columns that the caller has saved.

create or replace function api.ingest_delete_mapping(p_module text, p_mapping_id text) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc: saved mappings are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('saved_mappings', 'select');
    delete from ingest.saved_mappings m
    where m.org_id = app.org_id()
      and m.user_id = app.uid()
      and m.module = p_module
      and m.header_key = case when p_mapping_id ~ '^[0-9a-f]{64}$' then decode(p_mapping_id, 'hex') end;
    if not found then
        perform app.fail('PT404', 'import.mapping.not_found', 'There is no such mapping.', p_mapping_id);
    end if;
    return jsonb_build_object('module', p_module, 'mapping_id', p_mapping_id);
end
$$;

comment on function api.ingest_delete_mapping(text, text) is
    'p_mapping_id: as api.ingest_list_mappings shows it. Files with that header are mapped by names again. Returns {module, mapping_id}. Raises PT401, PT403, PT404 import.mapping.not_found also for somebody else''s (design §7).';
revoke all on function api.ingest_delete_mapping(text, text) from public;
grant execute on function api.ingest_delete_mapping(text, text) to authenticated;
