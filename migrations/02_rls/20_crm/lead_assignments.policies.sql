-- Which rows of crm.lead_assignments are whose: those of leads one sees (spec: command_center §1.7).

create policy lead_assignments_select on crm.lead_assignments
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('lead_assignments', 'select', 'parent'))
    and exists (select from crm.leads l where l.org_id = lead_assignments.org_id and l.lead_id = lead_assignments.lead_id)
);
