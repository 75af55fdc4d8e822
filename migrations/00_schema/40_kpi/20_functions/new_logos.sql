-- New customers of a period.

create or replace function kpi.new_logos(p_org_id uuid, p_from date, p_to date, p_customers text[]) returns bigint
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select count(*)
    from (
        select distinct i.customer_id
        from ar.invoices i
        where i.org_id = p_org_id and i.invoice_date between p_from and p_to and i.status <> 'VOID'
          and (p_customers is null or i.customer_id in (select unnest(p_customers)))
    ) c
    where not exists (
        select
        from ar.invoices i
        where i.org_id = p_org_id and i.customer_id = c.customer_id and i.invoice_date < p_from and i.status <> 'VOID'
    )
$$;

comment on function kpi.new_logos(uuid, date, date, text[]) is
    'Customers whose first invoice ever that is not void, in any currency, is in the period (spec: command_center §4, case 93).';
revoke all on function kpi.new_logos(uuid, date, date, text[]) from public;
