-- The metrics.

create view api.kpi_metric_definitions with (security_invoker = true) as
select
    o.org_id, d.metric_key, d.owner_role, d.metric_group, d.unit, d.calc_method, d.direction, d.aggregation, d.spend_channel,
    d.na_reason, d.description, d.position
from kpi.kpi_metric_definitions d
join app.organizations o on o.org_id = (select app.org_id());

comment on view api.kpi_metric_definitions is 'The 68 metrics (spec: command_center §5).';
revoke all on api.kpi_metric_definitions from public;
grant select on api.kpi_metric_definitions to authenticated, analyst;
