-- Which rows of kpi.kpi_metric_definitions are whose: every person known here reads reference data.

create policy kpi_metric_definitions_select on kpi.kpi_metric_definitions
for select to authenticated, analyst
using ((select app.org_id()) is not null);
