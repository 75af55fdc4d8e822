-- Which rows of desk.sla_targets are whose: everybody works by them (decisions §4).

create policy sla_targets_select on desk.sla_targets
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('sla_targets', 'select', 'all'))
);
