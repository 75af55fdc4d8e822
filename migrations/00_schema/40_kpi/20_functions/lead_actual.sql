-- Metrics made of leads alone.

create or replace function kpi.lead_actual(p_org_id uuid, p_metric_key text, p_from date, p_to date, p_user uuid) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_all bigint;
    v_part bigint;
    v_channels jsonb;
begin
    if p_metric_key = 'MKT_LEADS_BY_CHANNEL' then
        select coalesce(sum(c.leads), 0), coalesce(jsonb_object_agg(c.primary_channel, c.leads), '{}')
        into v_all, v_channels
        from (
            select l.primary_channel, count(*) as leads
            from crm.leads l
            where l.org_id = p_org_id and l.lead_date between p_from and p_to and (p_user is null or l.created_by = p_user)
            group by l.primary_channel
        ) c;
        return row(v_all, 'OK', null, 'computed', v_channels)::kpi.actual;
    end if;

    select
        count(*),
        count(*) filter (
            where case p_metric_key
                when 'SALES_LEADS_CREATED_OUTBOUND' then l.sourced_by = 'Sales' and l.primary_channel = 'Sales Outbound'
                else l.primary_channel <> 'Other' and btrim(l.campaign_name) <> ''
            end
        )
    into v_all, v_part
    from crm.leads l
    where l.org_id = p_org_id and l.lead_date between p_from and p_to and (p_user is null or l.created_by = p_user);

    if p_metric_key = 'SALES_LEADS_CREATED_OUTBOUND' then
        return row(v_part, 'OK', null, 'computed', null)::kpi.actual;
    end if;
    return kpi.share_of(v_part, v_all, 100, 'There is no lead in this period.');
end
$$;

comment on function kpi.lead_actual(uuid, text, date, date, uuid) is
    'MKT_LEADS_BY_CHANNEL, SALES_LEADS_CREATED_OUTBOUND, MKT_ATTRIBUTION_COMPLETENESS_PCT by lead date, both ends inclusive; p_user: who created the lead (spec: command_center §5.1).';
revoke all on function kpi.lead_actual(uuid, text, date, date, uuid) from public;
