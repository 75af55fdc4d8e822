-- Targets with what was reached.

create view api.v_kpi_progress with (security_invoker = true) as
select
    t.org_id, t.target_id, t.metric_key, t.period_start, t.period_end, t.assignee_user_id, t.target_value, d.calc_method,
    d.direction, d.unit, a.value as actual_value, a.status, a.reason, a.source,
    kpi.progress_pct(d.direction, t.target_value, a.value) as progress_pct
from kpi.kpi_targets t
join kpi.kpi_metric_definitions d on d.metric_key = t.metric_key
-- Made for each row by itself: kpi.progress_of makes those of a page together.
cross join lateral kpi.target_actuals(array[t.target_id]) a
where t.org_id = (select app.org_id());

comment on view api.v_kpi_progress is
    'status OK, NA (cannot be known) or NO_DATA (nothing entered); progress_pct is null unless OK, and inverted where less is better (spec: command_center §4, §5.3).';
revoke all on api.v_kpi_progress from public;
grant select on api.v_kpi_progress to authenticated, analyst;
