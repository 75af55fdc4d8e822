-- What a customer owes, in words for a ticket.

create or replace function ar.describe_debt(p_org_id uuid, p_customer_id text) returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := app.today();
begin
    return (
        select string_agg(
            format(
                '%s %s outstanding on %s invoices, of which %s overdue by up to %s days (%s).',
                d.currency, d.outstanding, d.invoices, coalesce(d.overdue, 0), d.days, d.oldest
            ),
            E'\n' order by d.currency
        )
        from (
            select
                i.currency,
                sum(i.outstanding_amount) as outstanding,
                count(*) as invoices,
                sum(i.outstanding_amount) filter (where i.due_date < v_today) as overdue,
                greatest(max(v_today - i.due_date), 0) as days,
                (array_agg(i.invoice_id order by i.due_date, i.invoice_id))[1] as oldest
            from ar.invoices i
            where i.org_id = p_org_id and i.customer_id = p_customer_id and i.is_open
            group by i.currency
        ) d
    );
end
$$;

comment on function ar.describe_debt(uuid, text) is
    'A line per currency with amounts, the days of the oldest and its invoice; names nobody (pitfall P13). Null when nothing is outstanding.';
revoke all on function ar.describe_debt(uuid, text) from public;
