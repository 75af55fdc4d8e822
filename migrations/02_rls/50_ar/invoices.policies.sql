-- Which rows of ar.invoices are whose: finance's all, otherwise those of customers one sees (spec: command_center §1.7).

create policy invoices_select on ar.invoices
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('invoices', 'select', 'all'))
        or (
            (select app.can('invoices', 'select', 'team'))
            and exists (select from crm.customers c where c.org_id = invoices.org_id and c.customer_id = invoices.customer_id)
        )
        or (
            (select app.can('invoices', 'select', 'own'))
            and exists (select from crm.customers c where c.org_id = invoices.org_id and c.customer_id = invoices.customer_id)
        )
    )
);

create policy invoices_update on ar.invoices
for update to authenticated
using (
    org_id = (select app.org_id())
    and (select app.can('invoices', 'update', 'all'))
);
