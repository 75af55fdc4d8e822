-- Revenue that leads of marketing brought: by the last touch before each invoice.

create or replace function kpi.attributed_revenue(p_org_id uuid, p_from date, p_to date, p_channel text, p_user uuid) returns numeric
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(sum(i.invoice_amount), 0)
    from ar.invoices i
    cross join lateral (
        -- The last lead of the customer up to the day of the invoice, whoever's it was.
        select l.sourced_by, l.primary_channel, l.created_by
        from crm.leads l
        where l.org_id = i.org_id and l.customer_id = i.customer_id and l.lead_date <= i.invoice_date
        order by l.lead_date desc, l.created_at desc, l.lead_id desc
        limit 1
    ) touch
    where i.org_id = p_org_id
      and i.invoice_date between p_from and p_to
      and i.status <> 'VOID'
      and i.currency = 'IDR'
      and touch.sourced_by = 'Marketing'
      and (p_channel is null or touch.primary_channel = p_channel)
      and (p_user is null or touch.created_by = p_user)
$$;

comment on function kpi.attributed_revenue(uuid, date, date, text, uuid) is
    'IDR of invoices that are not void, of customers whose last lead on or before the invoice date came from marketing; p_channel: of that lead, null for any; p_user: who created that lead, null for anybody (spec: command_center §5.1 MKT_REVENUE_ATTRIBUTED, last touch).';
revoke all on function kpi.attributed_revenue(uuid, date, date, text, uuid) from public;
