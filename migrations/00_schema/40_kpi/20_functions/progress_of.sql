-- Targets with what was reached, many at once.

create or replace function kpi.progress_of(p_target_ids bigint[]) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- api.v_kpi_progress for a page of targets: numbers that several of them are made of are made once.
    select coalesce(jsonb_agg(to_jsonb(p) order by p.target_id desc), '[]')
    from (
        select
            t.target_id, t.metric_key, t.period_start, t.period_end, t.assignee_user_id, t.target_value, d.calc_method, d.direction,
            d.unit, a.value as actual_value, a.status, a.reason, a.source,
            kpi.progress_pct(d.direction, t.target_value, a.value) as progress_pct
        from kpi.target_actuals(p_target_ids) a
        join kpi.kpi_targets t on t.org_id = app.org_id() and t.target_id = a.target_id
        join kpi.kpi_metric_definitions d on d.metric_key = t.metric_key
    ) p
$$;

comment on function kpi.progress_of(bigint[]) is
    'Rows of api.v_kpi_progress, without org_id, of those of the targets that the caller sees, newest first (spec: command_center §4, §7).';
revoke all on function kpi.progress_of(bigint[]) from public;
grant execute on function kpi.progress_of(bigint[]) to authenticated;
