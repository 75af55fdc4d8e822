-- Revenue by day.

create view api.v_sales_revenue_daily with (security_invoker = true) as
select
    i.org_id,
    i.invoice_date as day,
    coalesce(sum(i.invoice_amount) filter (where i.currency = 'IDR'), 0) as revenue_idr,
    -- Of the day: days cannot be added up to a period (pitfall P30).
    count(distinct i.customer_id) as active_customers
from ar.invoices i
where i.org_id = (select app.org_id())
  and i.status <> 'VOID'
group by i.org_id, i.invoice_date;

comment on view api.v_sales_revenue_daily is
    'Of invoices that the reader may see and that are not void: revenue in IDR, customers in any currency (spec: command_center §4).';
revoke all on api.v_sales_revenue_daily from public;
grant select on api.v_sales_revenue_daily to authenticated, analyst;
