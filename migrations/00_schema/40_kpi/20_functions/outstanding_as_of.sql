-- What was outstanding at the end of a day.

create or replace function kpi.outstanding_as_of(p_org_id uuid, p_day date, p_customers text[], out outstanding numeric, out overdue numeric)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        coalesce(sum(o.amount), 0),
        coalesce(sum(o.amount) filter (where o.due_date < p_day), 0)
    from (
        select
            i.due_date,
            -- What came in by that day; a reversal counts against. Never below nothing (pitfall P18).
            greatest(
                i.invoice_amount - coalesce(
                    (
                        select sum(case when p.reversed_payment_id is null then p.amount else -p.amount end)
                        from ar.payments p
                        where p.org_id = i.org_id and p.invoice_id = i.invoice_id and p.payment_date <= p_day
                    ),
                    0
                ),
                0
            ) as amount
        from ar.invoices i
        where i.org_id = p_org_id and i.invoice_date <= p_day and i.status <> 'VOID' and i.currency = 'IDR'
          and (p_customers is null or i.customer_id in (select unnest(p_customers)))
    ) o
$$;

comment on function kpi.outstanding_as_of(uuid, date, text[]) is
    'IDR open at the end of p_day, and of that what was due before it, by the payments dated up to then; p_customers null: of all (spec: command_center §4 v_dso_rolling_30, §5.1).';
revoke all on function kpi.outstanding_as_of(uuid, date, text[]) from public;
