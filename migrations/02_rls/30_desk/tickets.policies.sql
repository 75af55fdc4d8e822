-- Which rows of desk.tickets are whose: spec: command_center §1.7.

create policy tickets_select on desk.tickets
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('tickets', 'select', 'all'))
        or ((select app.can('tickets', 'select', 'created')) and created_by = (select app.uid()))
        or ((select app.can('tickets', 'select', 'assigned')) and assigned_to = (select app.uid()))
        or ((select app.can('tickets', 'select', 'dept')) and dept_target = (select app.dept_code()))
        or ((select app.can('tickets', 'select', 'dept_unmasked')) and dept_target = (select app.dept_code()) and not need_customer_masking)
        or ((select app.can('tickets', 'select', 'team')) and (created_by = any ((select app.team_ids())::uuid[]) or assigned_to = any ((select app.team_ids())::uuid[])))
        or ((select app.can('tickets', 'select', 'marketing')) and created_by = any ((select app.user_ids_of_group('marketing'))::uuid[]))
        or ((select app.can('tickets', 'select', 'lead')) and exists (
            select from crm.leads l where l.org_id = tickets.org_id and l.lead_id = tickets.related_lead_id
        ))
    )
);
