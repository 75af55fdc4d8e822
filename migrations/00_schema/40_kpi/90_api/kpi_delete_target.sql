-- Removes a target.

create or replace function api.kpi_delete_target(p_target_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('kpi_targets', 'delete');
    if exists (select from kpi.kpi_evidence e where e.org_id = app.org_id() and e.target_id = p_target_id) then
        perform app.fail('PT409', 'kpi_target.has_evidence', 'There is evidence for this target.', p_target_id::text);
    end if;
    delete from kpi.kpi_targets t
    where t.org_id = app.org_id() and t.target_id = p_target_id and app.can('kpi_targets', 'delete', 'all');
    if not found then
        perform app.fail('PT404', 'kpi_target.not_found', 'There is no such target.', p_target_id::text);
    end if;
    perform app.emit('kpi_targets.deleted', array[p_target_id::text], array['kpi_targets']);
    return jsonb_build_object('target_id', p_target_id);
end
$$;

comment on function api.kpi_delete_target(bigint) is
    'Returns {target_id}. Raises PT403, PT404 kpi_target.not_found, PT409 kpi_target.has_evidence (spec: command_center §1.5).';
revoke all on function api.kpi_delete_target(bigint) from public;
grant execute on function api.kpi_delete_target(bigint) to authenticated;
