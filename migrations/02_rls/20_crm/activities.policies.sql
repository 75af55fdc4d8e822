-- Which rows of crm.activities are whose: those of leads, prospects and tickets one sees; a customer's where there is none of them (spec: command_center §1.7).

create policy activities_select on crm.activities
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('activities', 'select', 'parent')) and exists (
            select from crm.prospects p where p.org_id = activities.org_id and p.prospect_id = activities.prospect_id
        ))
        or ((select app.can('activities', 'select', 'parent')) and exists (
            select from crm.leads l where l.org_id = activities.org_id and l.lead_id = activities.lead_id
        ))
        or ((select app.can('activities', 'select', 'parent')) and exists (
            select from desk.tickets t where t.org_id = activities.org_id and t.ticket_id = activities.ticket_id
        ))
        or ((select app.can('activities', 'select', 'parent')) and prospect_id is null and lead_id is null and exists (
            select from crm.customers c where c.org_id = activities.org_id and c.customer_id = activities.customer_id
        ))
    )
);
