-- Which rows of ar.payments are whose: those of invoices one sees (spec: command_center §1.7).

create policy payments_select on ar.payments
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('payments', 'select', 'all'))
        or (
            (select app.can('payments', 'select', 'team'))
            and exists (select from ar.invoices i where i.org_id = payments.org_id and i.invoice_id = payments.invoice_id)
        )
        or (
            (select app.can('payments', 'select', 'own'))
            and exists (select from ar.invoices i where i.org_id = payments.org_id and i.invoice_id = payments.invoice_id)
        )
    )
);
