-- Customers who bought in a period.

create or replace function kpi.active_customers(p_org_id uuid, p_from date, p_to date, p_customers text[]) returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct i.customer_id), '{}')
    from ar.invoices i
    where i.org_id = p_org_id and i.invoice_date between p_from and p_to and i.status <> 'VOID'
      and (p_customers is null or i.customer_id in (select unnest(p_customers)))
$$;

comment on function kpi.active_customers(uuid, date, date, text[]) is
    'customer_ids with an invoice that is not void, in any currency, each once however many days they bought on (spec: command_center §5.1, case 92, pitfall P30).';
revoke all on function kpi.active_customers(uuid, date, date, text[]) from public;
