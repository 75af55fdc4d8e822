-- Which rows of crm.customers are whose: spec: command_center §1.7, decisions D1, D9. crm.customer_is_readable says the same for definer code.

create policy customers_select on crm.customers
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and deleted_at is null
    and (
        (select app.can('customers', 'select', 'all'))
        or ((select app.can('customers', 'select', 'team')) and owner_ids && (select app.team_ids())::uuid[])
        or ((select app.can('customers', 'select', 'own')) and owner_ids && array[(select app.uid())])
        or ((select app.can('customers', 'select', 'created')) and creator_ids && array[(select app.uid())])
        or ((select app.can('customers', 'select', 'pipeline')) and owner_ids <> '{}')
    )
);

create policy customers_update on crm.customers
for update to authenticated
using (
    org_id = (select app.org_id())
    and deleted_at is null
    and (
        (select app.can('customers', 'update', 'all'))
        or ((select app.can('customers', 'update', 'team')) and owner_ids && (select app.team_ids())::uuid[])
        or ((select app.can('customers', 'update', 'own')) and owner_ids && array[(select app.uid())])
        or ((select app.can('customers', 'update', 'pipeline')) and owner_ids <> '{}')
    )
);
