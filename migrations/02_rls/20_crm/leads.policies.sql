-- Which rows of crm.leads are whose: spec: command_center §1.7.

create policy leads_select on crm.leads
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('leads', 'select', 'all'))
        or ((select app.can('leads', 'select', 'team')) and sales_owner_user_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('leads', 'select', 'team_unowned')) and sales_owner_user_id is null and created_by = any ((select app.team_ids())::uuid[]))
        or ((select app.can('leads', 'select', 'own')) and sales_owner_user_id = (select app.uid()))
        or ((select app.can('leads', 'select', 'created')) and created_by = (select app.uid()))
        or ((select app.can('leads', 'select', 'created_unowned')) and sales_owner_user_id is null and created_by = (select app.uid()))
        or ((select app.can('leads', 'select', 'pipeline')) and (sales_owner_user_id is not null or sourced_by = 'Sales'))
    )
);

create policy leads_update on crm.leads
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('leads', 'update', 'all'))
        or ((select app.can('leads', 'update', 'team')) and sales_owner_user_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('leads', 'update', 'team_unowned')) and sales_owner_user_id is null and created_by = any ((select app.team_ids())::uuid[]))
        or ((select app.can('leads', 'update', 'own')) and sales_owner_user_id = (select app.uid()))
        or ((select app.can('leads', 'update', 'created_unowned')) and sales_owner_user_id is null and created_by = (select app.uid()))
        or ((select app.can('leads', 'update', 'pipeline')) and (sales_owner_user_id is not null or sourced_by = 'Sales'))
    )
);
