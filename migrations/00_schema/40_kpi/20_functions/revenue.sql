-- Revenue of a period.

create or replace function kpi.revenue(p_org_id uuid, p_from date, p_to date, p_customers text[]) returns numeric
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(sum(i.invoice_amount), 0)
    from ar.invoices i
    where i.org_id = p_org_id
      and i.invoice_date between p_from and p_to
      and i.status <> 'VOID'
      and i.currency = 'IDR'
      and (p_customers is null or i.customer_id in (select unnest(p_customers)))
$$;

comment on function kpi.revenue(uuid, date, date, text[]) is
    'IDR of invoices that are not void, both ends inclusive; p_customers null: of all (spec: command_center §5.1, case 91).';
revoke all on function kpi.revenue(uuid, date, date, text[]) from public;
