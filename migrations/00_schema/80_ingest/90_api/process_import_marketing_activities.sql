-- Processes the next chunk of a file of what marketing did.

create or replace function api.process_import_marketing_activities(p_import_id bigint, p_limit integer default 1000) returns jsonb
language plpgsql
security definer -- the matrix says rpc: activities are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
begin
    return ingest.process_module(ingest.take_import(p_import_id), 'marketing_activities', p_limit);
end
$$;

comment on function api.process_import_marketing_activities(bigint, integer) is
    'Takes up to p_limit (1–5000) pending rows and returns the import; call again while its status is processing, calling after the end changes nothing. Raises PT401, PT403, PT404 import.not_found, PT409 import.not_staged, import.other_module, import.uploader_inactive (spec: command_center §3.7, decisions §5.3).';
revoke all on function api.process_import_marketing_activities(bigint, integer) from public;
grant execute on function api.process_import_marketing_activities(bigint, integer) to authenticated;
