-- Days of sales that were outstanding on a day, by currency.

create or replace function api.dso_as_of(p_date date) returns table (
    as_of_date date,
    currency text,
    ar_outstanding numeric,
    revenue_30 numeric,
    dso_days_rolling_30 numeric
)
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform app.require('invoices', 'select');
    return query
    with later as materialized (
        -- What was paid after that day was outstanding on it.
        select p.invoice_id, sum(case when p.reversed_payment_id is null then p.amount else -p.amount end) as amount
        from ar.payments p
        where p.org_id = (select app.org_id()) and p.payment_date > p_date
        group by p.invoice_id
    ),
    counted as (
        select i.currency, greatest(i.outstanding_amount + coalesce(l.amount, 0), 0) as outstanding, 0::numeric as revenue
        from ar.invoices i
        left join later l on l.invoice_id = i.invoice_id
        where i.org_id = (select app.org_id()) and i.is_open and i.invoice_date <= p_date
        union all
        select i.currency, greatest(l.amount, 0), 0
        from later l
        join ar.invoices i on i.org_id = (select app.org_id()) and i.invoice_id = l.invoice_id
        where not i.is_open and i.status <> 'VOID' and i.invoice_date <= p_date
        union all
        select i.currency, 0, i.invoice_amount
        from ar.invoices i
        where i.org_id = (select app.org_id()) and i.status <> 'VOID' and i.invoice_date > p_date - 30 and i.invoice_date <= p_date
    )
    select
        p_date,
        c.currency,
        sum(c.outstanding),
        sum(c.revenue),
        round(sum(c.outstanding) / nullif(sum(c.revenue), 0) * 30, 2)
    from counted c
    group by c.currency
    order by c.currency;
end
$$;

comment on function api.dso_as_of(date) is
    'p_date: the end of that day, by the dates of invoices and payments as they are recorded now. Columns as api.v_dso_rolling_30, of which it is the row when p_date is today. A payment counts against its invoice until the day it was reversed. Raises PT401, PT403 (spec: command_center §4, case 111).';
revoke all on function api.dso_as_of(date) from public;
grant execute on function api.dso_as_of(date) to authenticated, analyst;
