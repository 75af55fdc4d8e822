-- Blocks of the dashboard about marketing, each from the view that its own screen reads.

create or replace function app.dashboard_marketing(p_block text, p_from date, p_to date) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_block = 'leads_by_channel' then
        return (
            select jsonb_build_object(
                'leads_count', coalesce(sum(c.leads_count), 0),
                'items', coalesce(jsonb_agg(to_jsonb(c) order by c.leads_count desc, c.primary_channel), '[]')
            )
            from (
                select v.primary_channel, sum(v.leads_count) as leads_count
                from api.v_marketing_leads_by_channel_daily v
                where v.day between p_from and p_to
                group by v.primary_channel
            ) c
        );
    elsif p_block = 'spend' then
        return (
            select jsonb_build_object(
                'spend_idr', coalesce(sum(c.spend_idr), 0),
                'items', coalesce(jsonb_agg(to_jsonb(c) order by c.spend_idr desc, c.primary_channel), '[]')
            )
            from (
                select v.primary_channel, sum(v.spend_idr) as spend_idr
                from api.v_marketing_spend_daily v
                where v.day between p_from and p_to
                group by v.primary_channel
            ) c
        );
    elsif p_block = 'cost_per_lead' then
        -- Of the period and the channel, never a mean of days (pitfall P19). Channels on which nothing was spent cost nothing to tell.
        return (
            select jsonb_build_object(
                'items', coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'primary_channel', c.primary_channel, 'spend_idr', c.spend_idr, 'leads_count', c.leads_count
                        ) || app.dashboard_known(
                            c.spend_idr / nullif(c.leads_count, 0), 'There is no lead of this channel in this period.'
                        )
                        order by c.primary_channel
                    ),
                    '[]'
                )
            )
            from (
                select v.primary_channel, sum(v.spend_idr) as spend_idr, sum(v.leads_count) as leads_count
                from api.v_marketing_cpl_daily v
                where v.day between p_from and p_to
                group by v.primary_channel
                having sum(v.spend_idr) > 0
            ) c
        );
    end if;
    return api.kpi_actual('MKT_REVENUE_ATTRIBUTED', p_from, p_to);
end
$$;

comment on function app.dashboard_marketing(text, date, date) is
    'p_block: leads_by_channel, spend, cost_per_lead or attributed_revenue; p_from and p_to inclusive. From api.v_marketing_leads_by_channel_daily, v_marketing_spend_daily, v_marketing_cpl_daily and api.kpi_actual (spec: command_center §1.8, §4).';
revoke all on function app.dashboard_marketing(text, date, date) from public;
grant execute on function app.dashboard_marketing(text, date, date) to authenticated;
