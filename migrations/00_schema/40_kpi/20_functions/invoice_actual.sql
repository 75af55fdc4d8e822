-- Metrics made of invoices and payments.

create or replace function kpi.invoice_actual(p_org_id uuid, p_metric_key text, p_from date, p_to date, p_user uuid) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customers text[] := case when p_user is not null then kpi.customers_of(p_org_id, p_user) end;
    -- The period of equal length before.
    v_before_from date := p_from - (p_to - p_from + 1);
    v_before_to date := p_from - 1;
    v_now numeric;
    v_before numeric;
    v_active text[];
    v_known text[];
    v_share kpi.actual;
begin
    if p_metric_key in ('SALES_REVENUE', 'SALES_REVENUE_GROWTH_PCT') then
        v_now := kpi.revenue(p_org_id, p_from, p_to, v_customers);
    elsif p_metric_key in ('SALES_NEW_LOGOS', 'SALES_NEW_LOGOS_GROWTH_PCT') then
        v_now := kpi.new_logos(p_org_id, p_from, p_to, v_customers);
    elsif p_metric_key = 'SALES_DSO_DAYS' then
        return kpi.share_of(
            (kpi.outstanding_as_of(p_org_id, p_to, v_customers)).outstanding,
            kpi.revenue(p_org_id, p_to - 29, p_to, v_customers),
            30,
            'There is no revenue in the 30 days before the end of this period.'
        );
    elsif p_metric_key = 'SALES_OVERDUE_AR' then
        v_now := (kpi.outstanding_as_of(p_org_id, p_to, v_customers)).overdue;
    else
        v_active := kpi.active_customers(p_org_id, p_from, p_to, v_customers);
        v_now := cardinality(v_active);
    end if;
    if p_metric_key in ('SALES_REVENUE', 'SALES_NEW_LOGOS', 'SALES_OVERDUE_AR', 'SALES_ACTIVE_CUSTOMERS') then
        return row(v_now, 'OK', null, 'computed', null)::kpi.actual;
    end if;

    if p_metric_key = 'SALES_REVENUE_GROWTH_PCT' then
        v_before := kpi.revenue(p_org_id, v_before_from, v_before_to, v_customers);
        return kpi.share_of(v_now - v_before, v_before, 100, 'There was no revenue in the period before.');
    elsif p_metric_key = 'SALES_NEW_LOGOS_GROWTH_PCT' then
        v_before := kpi.new_logos(p_org_id, v_before_from, v_before_to, v_customers);
        return kpi.share_of(v_now - v_before, v_before, 100, 'There was no new customer in the period before.');
    end if;

    v_known := kpi.active_customers(p_org_id, v_before_from, v_before_to, v_customers);
    v_share := kpi.share_of(
        (select count(*) from unnest(v_known) k (customer_id) join unnest(v_active) a (customer_id) using (customer_id)),
        cardinality(v_known),
        100,
        'There was no active customer in the period before.'
    );
    if p_metric_key = 'SALES_CHURN_RATE' then
        v_share.value := 100 - v_share.value;
    end if;
    return v_share;
end
$$;

comment on function kpi.invoice_actual(uuid, text, date, date, uuid) is
    'SALES_REVENUE, SALES_NEW_LOGOS, both with _GROWTH_PCT, SALES_ACTIVE_CUSTOMERS, SALES_RETENTION_RATE, SALES_CHURN_RATE, SALES_DSO_DAYS, SALES_OVERDUE_AR; p_user: of customers whose primary owner that is. NA where the period before has nothing (spec: command_center §5.1, cases 91–95).';
revoke all on function kpi.invoice_actual(uuid, text, date, date, uuid) from public;
