-- What a metric came to: the one place that knows how each is made. It asks nobody whether they may know.

create or replace function kpi.actual_of(
    p_org_id uuid, p_metric_key text, p_from date, p_to date, p_user uuid, p_assignments kpi.assignments default null
) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_metric kpi.kpi_metric_definitions;
begin
    select d.* into v_metric from kpi.kpi_metric_definitions d where d.metric_key = p_metric_key;
    if v_metric.na_reason is not null then
        return row(null, 'NA', v_metric.na_reason, null, null)::kpi.actual;
    elsif v_metric.calc_method <> 'AUTO' then
        -- Never the one instead of the other (pitfall P28).
        return kpi.entered_value(p_org_id, v_metric, p_from, p_to, p_user);
    end if;
    return case
        when p_metric_key in ('MKT_LEADS_BY_CHANNEL', 'SALES_LEADS_CREATED_OUTBOUND', 'MKT_ATTRIBUTION_COMPLETENESS_PCT')
            then kpi.lead_actual(p_org_id, p_metric_key, p_from, p_to, p_user)
        when p_metric_key = 'SALES_INQUIRY_FIRST_RESPONSE_MEDIAN_MIN'
            then kpi.inquiry_actual(p_org_id, p_from, p_to, p_user)
        when p_metric_key in (
            'SALES_REVENUE', 'SALES_REVENUE_GROWTH_PCT', 'SALES_NEW_LOGOS', 'SALES_NEW_LOGOS_GROWTH_PCT', 'SALES_ACTIVE_CUSTOMERS',
            'SALES_RETENTION_RATE', 'SALES_CHURN_RATE', 'SALES_DSO_DAYS', 'SALES_OVERDUE_AR'
        )
            then kpi.invoice_actual(p_org_id, p_metric_key, p_from, p_to, p_user)
        when p_metric_key in ('MKT_REVENUE_ATTRIBUTED', 'MARCOMM_SEM_CPL', 'MARCOMM_ROAS', 'DGO_PAID_SOCIAL_CPL', 'DGO_ROAS')
            then kpi.marketing_actual(p_org_id, p_metric_key, p_from, p_to, p_user)
        when p_metric_key = 'SALES_LEADS_ASSIGNED'
            then kpi.assigned_actual(p_org_id, p_from, p_to, p_user)
        when kpi.is_made_of_assignments(p_metric_key)
            then kpi.assignment_actual(p_metric_key, coalesce(p_assignments, kpi.assignment_numbers(p_org_id, p_from, p_to, p_user)))
        when p_metric_key like 'SALES\_ACTIVITY\_%'
            then kpi.activity_actual(
                p_org_id,
                case p_metric_key when 'SALES_ACTIVITY_WA_OUTBOUND' then 'whatsapp' else lower(substr(p_metric_key, 16)) end,
                p_from, p_to, p_user
            )
    end;
end
$$;

comment on function kpi.actual_of(uuid, text, date, date, uuid, kpi.assignments) is
    'Both ends of the period inclusive; p_user null: for the organisation; p_assignments: kpi.assignment_numbers of them, where they are known already. For functions that have asked who may know (spec: command_center §5, pitfall P10).';
revoke all on function kpi.actual_of(uuid, text, date, date, uuid, kpi.assignments) from public;
