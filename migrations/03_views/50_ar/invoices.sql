-- Invoices as people read them, with what is derived from amounts and the day.

create view api.invoices with (security_invoker = true) as
select
    i.org_id,
    i.invoice_id,
    i.customer_id,
    c.company_name,
    i.invoice_date,
    i.due_date,
    i.invoice_amount,
    i.currency,
    i.paid_amount,
    i.outstanding_amount,
    i.status,
    ar.payment_state(i.status, i.invoice_amount, i.paid_amount) as payment_state,
    i.is_open and i.due_date < (select app.today()) as is_overdue,
    case when i.is_open then greatest((select app.today()) - i.due_date, 0) else 0 end as days_past_due,
    i.external_no,
    i.notes,
    i.voided_at,
    i.voided_by,
    i.void_reason,
    i.source_import_id,
    i.created_by,
    i.created_at,
    i.updated_at
from ar.invoices i
left join crm.customers c on c.org_id = i.org_id and c.customer_id = i.customer_id
where i.org_id = (select app.org_id());

comment on view api.invoices is
    'Invoices that the reader may see, void ones too; days_past_due is 0 unless something is outstanding (spec: command_center §1.7, §2.5).';
revoke all on api.invoices from public;
grant select on api.invoices to authenticated, analyst;
