-- Metrics of marketing that divide money: attributed revenue, cost per lead, return on spend.

create or replace function kpi.marketing_actual(p_org_id uuid, p_metric_key text, p_from date, p_to date, p_user uuid) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_channel text := case when p_metric_key like 'MARCOMM%' then 'SEM' else 'Paid Social' end;
    v_spend numeric;
begin
    if p_metric_key = 'MKT_REVENUE_ATTRIBUTED' then
        return row(
            kpi.attributed_revenue(p_org_id, p_from, p_to, null, p_user), 'OK', null, 'computed', null
        )::kpi.actual;
    end if;

    -- Of the channel as a whole, whoever it is asked for: one person's leads under everybody's spend would say nothing (pitfall P10).
    select coalesce(sum(s.amount), 0)
    into v_spend
    from kpi.marketing_spend s
    where s.org_id = p_org_id and s.channel = v_channel and s.spend_date between p_from and p_to;

    if p_metric_key like '%\_CPL' then
        -- Of the period, never the mean of daily ratios (pitfall P19).
        return kpi.share_of(
            v_spend,
            (
                select count(*)
                from crm.leads l
                where l.org_id = p_org_id and l.primary_channel = v_channel and l.lead_date between p_from and p_to
            ),
            1,
            'There is no lead of this channel in this period.'
        );
    end if;
    return kpi.share_of(
        kpi.attributed_revenue(p_org_id, p_from, p_to, v_channel, null), v_spend, 1, 'Nothing was spent on this channel in this period.'
    );
end
$$;

comment on function kpi.marketing_actual(uuid, text, date, date, uuid) is
    'MKT_REVENUE_ATTRIBUTED (p_user: whose lead was the last touch), MARCOMM_SEM_CPL, MARCOMM_ROAS, DGO_PAID_SOCIAL_CPL, DGO_ROAS (of the channel, p_user without effect). NA without leads or spend (spec: command_center §5.1).';
revoke all on function kpi.marketing_actual(uuid, text, date, date, uuid) from public;
