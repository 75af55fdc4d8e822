-- Repairs batches: what the previous system left, as ours have nothing to repair.

create or replace function api.members_repair_batches() returns jsonb
language plpgsql
security definer -- the rows of the previous system are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('records', 'assign');
    perform members.check_all_records();
    return members.repair_legacy(app.org_id());
end
$$;

comment on function api.members_repair_batches() is
    'Returns members.repair_legacy: what was repaired by which method, and what cannot be. Repeating it changes nothing. `pgcrm migrate-legacy` then brings the rows in. Raises PT401, PT403 (spec: member §5.11 repair).';
revoke all on function api.members_repair_batches() from public;
grant execute on function api.members_repair_batches() to authenticated;
