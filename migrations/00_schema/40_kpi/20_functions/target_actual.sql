-- What the metric of a target came to in its period.

create or replace function kpi.target_actual(p_org_id uuid, p_target_id bigint) returns kpi.actual
language plpgsql
stable
security definer -- numbers are made of rows that their reader may not read (pitfall P10)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_target kpi.kpi_targets;
begin
    select t.* into v_target from kpi.kpi_targets t where t.org_id = p_org_id and t.target_id = p_target_id;
    if not found
        or p_org_id is distinct from app.org_id()
        or not app.may_select_kpi_targets(v_target.metric_group, v_target.is_finance, v_target.assignee_user_id)
    then
        return null;
    end if;
    return kpi.actual_of(p_org_id, v_target.metric_key, v_target.period_start, v_target.period_end, v_target.assignee_user_id);
end
$$;

comment on function kpi.target_actual(uuid, bigint) is
    'For targets that the caller sees, null for any other (spec: command_center §4 v_kpi_progress).';
revoke all on function kpi.target_actual(uuid, bigint) from public;
grant execute on function kpi.target_actual(uuid, bigint) to authenticated, analyst;
