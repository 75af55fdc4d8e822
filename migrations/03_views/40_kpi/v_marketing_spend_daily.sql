-- Spend by day and channel.

create view api.v_marketing_spend_daily with (security_invoker = true) as
select s.org_id, s.spend_date as day, s.channel as primary_channel, sum(s.amount) as spend_idr
from kpi.marketing_spend s
where s.org_id = (select app.org_id())
group by s.org_id, s.spend_date, s.channel;

comment on view api.v_marketing_spend_daily is 'What was spent on each channel each day (spec: command_center §4).';
revoke all on api.v_marketing_spend_daily from public;
grant select on api.v_marketing_spend_daily to authenticated, analyst;
