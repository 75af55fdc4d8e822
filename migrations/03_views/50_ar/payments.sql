-- Payments as people read them.

create view api.payments with (security_invoker = true) as
select
    p.org_id,
    p.payment_id,
    p.invoice_id,
    i.customer_id,
    p.payment_date,
    p.amount,
    i.currency,
    -- What it adds to the paid amount.
    case when p.reversed_payment_id is null then p.amount else -p.amount end as net_amount,
    p.payment_method,
    p.reference_no,
    p.notes,
    p.reversed_payment_id,
    p.reversed_at,
    p.source_import_id,
    p.created_by,
    p.created_at
from ar.payments p
join ar.invoices i on i.org_id = p.org_id and i.invoice_id = p.invoice_id
where p.org_id = (select app.org_id());

comment on view api.payments is
    'Payments that the reader may see; a reversal names what it takes back and counts against (spec: command_center §2.3).';
revoke all on api.payments from public;
grant select on api.payments to authenticated, analyst;
