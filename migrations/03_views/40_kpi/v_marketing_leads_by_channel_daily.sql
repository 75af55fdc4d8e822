-- Leads by day and channel, all of them, for whoever sees what was spent.

create view api.v_marketing_leads_by_channel_daily with (security_barrier = true) as
select l.org_id, l.lead_date as day, l.primary_channel, count(*) as leads_count
from crm.leads l
where l.org_id = (select app.org_id())
  and (select app.can('marketing_spend', 'select', 'all'))
group by l.org_id, l.lead_date, l.primary_channel;

comment on view api.v_marketing_leads_by_channel_daily is
    'Numbers of leads without a word of them. Runs as its owner because marketing staff see their own leads alone, and a part of them would be no number of a channel (spec: command_center §4, pitfall P10).';
revoke all on api.v_marketing_leads_by_channel_daily from public;
grant select on api.v_marketing_leads_by_channel_daily to authenticated, analyst;
