-- Removes evidence with its file.

create or replace function api.kpi_delete_evidence(p_evidence_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('kpi_evidence', 'delete');
    delete from kpi.kpi_evidence e where e.org_id = v_org_id and e.evidence_id = p_evidence_id;
    if not found then
        perform app.fail('PT404', 'kpi_evidence.not_found', 'There is no such evidence.', p_evidence_id::text);
    end if;
    perform app.emit('kpi_evidence.deleted', array[p_evidence_id::text], array['kpi_evidence']);
    return jsonb_build_object('evidence_id', p_evidence_id);
end
$$;

comment on function api.kpi_delete_evidence(bigint) is
    'Returns {evidence_id}. Raises PT401, PT403, PT404 kpi_evidence.not_found (spec: command_center §1.5).';
revoke all on function api.kpi_delete_evidence(bigint) from public;
grant execute on function api.kpi_delete_evidence(bigint) to authenticated;
