-- What is outstanding of each invoice today.

create view api.v_invoice_outstanding with (security_invoker = true) as
select
    i.org_id,
    i.invoice_id,
    i.customer_id,
    i.invoice_date,
    i.due_date,
    i.currency,
    i.invoice_amount,
    i.paid_amount,
    i.outstanding_amount,
    i.is_open and i.due_date < (select app.today()) as is_overdue,
    -- 0 once it is paid, however late that was (pitfall P17).
    case when i.is_open then greatest((select app.today()) - i.due_date, 0) else 0 end as days_past_due
from ar.invoices i
where i.org_id = (select app.org_id())
  and i.status <> 'VOID';

comment on view api.v_invoice_outstanding is
    'Invoices that the reader may see, without void ones; overdue: due before today and something outstanding (spec: command_center §4).';
revoke all on api.v_invoice_outstanding from public;
grant select on api.v_invoice_outstanding to authenticated, analyst;
