-- Which rows of crm.services are whose: those of one's organisation (spec: command_center §1.5).

create policy services_select on crm.services
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('services', 'select', 'all'))
    )
);

create policy services_update on crm.services
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('services', 'update', 'all'))
    )
);
