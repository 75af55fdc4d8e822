-- Cost per lead by day and channel.

create view api.v_marketing_cpl_daily with (security_barrier = true) as
select
    (select app.org_id()) as org_id,
    d.day,
    d.primary_channel,
    coalesce(sum(d.spend_idr), 0) as spend_idr,
    coalesce(sum(d.leads_count), 0)::bigint as leads_count,
    -- Null without leads. Days are no parts of a period: its cost is its spend by its leads (pitfall P19).
    round(coalesce(sum(d.spend_idr), 0) / sum(d.leads_count), 2) as cpl_idr
-- One below the other, never joined: a filter on day reaches the indexes of both.
from (
    select m.spend_date as day, m.channel as primary_channel, sum(m.amount) as spend_idr, null::bigint as leads_count
    from kpi.marketing_spend m
    where m.org_id = (select app.org_id())
      and (select app.can('marketing_spend', 'select', 'all'))
    group by m.spend_date, m.channel
    union all
    select o.lead_date, o.primary_channel, null, count(*)
    from crm.leads o
    where o.org_id = (select app.org_id())
      and (select app.can('marketing_spend', 'select', 'all'))
    group by o.lead_date, o.primary_channel
) d
group by d.day, d.primary_channel;

comment on view api.v_marketing_cpl_daily is
    'Spend and all leads of each channel and day, those with only one of them as well. Runs as its owner for the reason of api.v_marketing_leads_by_channel_daily (spec: command_center §4, pitfalls P10, P19).';
revoke all on api.v_marketing_cpl_daily from public;
grant select on api.v_marketing_cpl_daily to authenticated, analyst;
