-- Days of sales that are outstanding today, by currency.

create view api.v_dso_rolling_30 with (security_invoker = true) as
select
    d.org_id,
    (select app.today()) as as_of_date,
    d.currency,
    sum(d.outstanding) as ar_outstanding,
    sum(d.revenue) as revenue_30,
    round(sum(d.outstanding) / nullif(sum(d.revenue), 0) * 30, 2) as dso_days_rolling_30
from (
    select i.org_id, i.currency, i.outstanding_amount as outstanding, 0 as revenue
    from ar.invoices i
    -- An invoice of tomorrow is neither owed nor earned yet (pitfall P18).
    where i.org_id = (select app.org_id()) and i.is_open and i.invoice_date <= (select app.today())
    union all
    select i.org_id, i.currency, 0, i.invoice_amount
    from ar.invoices i
    where i.org_id = (select app.org_id())
      and i.status <> 'VOID'
      -- Thirty days, today among them.
      and i.invoice_date > (select app.today()) - 30
      and i.invoice_date <= (select app.today())
) d
group by d.org_id, d.currency;

comment on view api.v_dso_rolling_30 is
    'Per currency: outstanding amount today / revenue of the last 30 days × 30, null when there was none. Of the invoices that the reader may see: a salesperson''s is that of the own customers (spec: command_center §4, case 111).';
revoke all on api.v_dso_rolling_30 from public;
grant select on api.v_dso_rolling_30 to authenticated, analyst;
