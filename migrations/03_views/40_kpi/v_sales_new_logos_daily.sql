-- New customers by day.

create view api.v_sales_new_logos_daily with (security_invoker = true) as
select f.org_id, f.day, count(*) as new_logos
from (
    select i.org_id, i.customer_id, min(i.invoice_date) as day
    from ar.invoices i
    where i.org_id = (select app.org_id())
      and i.status <> 'VOID'
    group by i.org_id, i.customer_id
) f
group by f.org_id, f.day;

comment on view api.v_sales_new_logos_daily is
    'Customers by the day of their first invoice ever that is not void, of invoices that the reader may see (spec: command_center §4, case 93).';
revoke all on api.v_sales_new_logos_daily from public;
grant select on api.v_sales_new_logos_daily to authenticated, analyst;
