-- Targets as people read them.

create view api.kpi_targets with (security_invoker = true) as
select
    t.org_id, t.target_id, t.metric_key, t.metric_group, t.period_start, t.period_end, t.assignee_user_id, t.target_value,
    t.created_by, t.created_at, t.updated_at
from kpi.kpi_targets t
where t.org_id = (select app.org_id());

comment on view api.kpi_targets is 'Targets that the reader may see; assignee_user_id null: of the organisation (spec: command_center §1.7).';
revoke all on api.kpi_targets from public;
grant select on api.kpi_targets to authenticated, analyst;
