-- What the metrics of targets came to in their periods.

create or replace function kpi.target_actuals(p_target_ids bigint[])
returns table (target_id bigint, value numeric, status text, reason text, source text)
language sql
stable
security definer -- numbers are made of rows that their reader may not read (pitfall P10)
rows 1
set search_path = pg_catalog, pg_temp
as $$
    with seen as materialized (
        select t.target_id, t.org_id, t.metric_key, t.period_start, t.period_end, t.assignee_user_id
        from kpi.kpi_targets t
        where t.org_id = app.org_id()
          and t.target_id = any (p_target_ids)
          and app.may_select_kpi_targets(t.metric_group, t.is_finance, t.assignee_user_id)
    ),
    -- Four metrics of a page ask the same of the same leads.
    assignments as materialized (
        select
            d.period_start, d.period_end, d.assignee_user_id,
            kpi.assignment_numbers(d.org_id, d.period_start, d.period_end, d.assignee_user_id) as numbers
        from (
            select distinct s.org_id, s.period_start, s.period_end, s.assignee_user_id
            from seen s
            where kpi.is_made_of_assignments(s.metric_key)
        ) d
    )
    select s.target_id, a.value, a.status, a.reason, a.source
    from seen s
    left join assignments n
        on kpi.is_made_of_assignments(s.metric_key) and n.period_start = s.period_start and n.period_end = s.period_end
        and n.assignee_user_id is not distinct from s.assignee_user_id
    cross join lateral kpi.actual_of(s.org_id, s.metric_key, s.period_start, s.period_end, s.assignee_user_id, n.numbers) a
$$;

comment on function kpi.target_actuals(bigint[]) is
    'A row for each of the targets that the caller sees (spec: command_center §4 v_kpi_progress).';
revoke all on function kpi.target_actuals(bigint[]) from public;
grant execute on function kpi.target_actuals(bigint[]) to authenticated, analyst;
