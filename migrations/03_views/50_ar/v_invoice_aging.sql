-- How old each invoice is.

create view api.v_invoice_aging with (security_invoker = true) as
select
    o.org_id,
    o.invoice_id,
    o.customer_id,
    o.invoice_date,
    o.due_date,
    o.currency,
    o.status,
    o.invoice_amount,
    o.amount_paid,
    o.outstanding,
    o.days_overdue,
    case
        when not o.is_open then 'PAID'
        when o.days_overdue = 0 then 'CURRENT'
        when o.days_overdue <= 30 then '1-30'
        when o.days_overdue <= 60 then '31-60'
        when o.days_overdue <= 90 then '61-90'
        else '>90'
    end as aging_bucket
from (
    select
        i.org_id, i.invoice_id, i.customer_id, i.invoice_date, i.due_date, i.currency, i.status, i.invoice_amount,
        i.paid_amount as amount_paid, i.outstanding_amount as outstanding, i.is_open,
        case when i.is_open then greatest((select app.today()) - i.due_date, 0) else 0 end as days_overdue
    from ar.invoices i
    where i.org_id = (select app.org_id()) and i.status <> 'VOID'
) o;

comment on view api.v_invoice_aging is
    'Invoices that the reader may see, without void ones; aging_bucket CURRENT (not yet past due), 1-30, 31-60, 61-90, >90 days, or PAID (spec: command_center §4).';
revoke all on api.v_invoice_aging from public;
grant select on api.v_invoice_aging to authenticated, analyst;
