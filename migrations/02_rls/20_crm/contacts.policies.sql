-- Which rows of crm.contacts are whose: those of customers one sees (decisions §5.9).

create policy contacts_select on crm.contacts
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('contacts', 'select', 'parent'))
    and exists (select from crm.customers c where c.org_id = contacts.org_id and c.customer_id = contacts.customer_id)
);

create policy contacts_update on crm.contacts
for update to authenticated
using (
    org_id = (select app.org_id())
    and (select app.can('contacts', 'update', 'parent'))
    and exists (select from crm.customers c where c.org_id = contacts.org_id and c.customer_id = contacts.customer_id)
);
