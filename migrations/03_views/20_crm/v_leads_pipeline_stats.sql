-- How many leads stand where, and how many of them nobody owns yet.

create view api.v_leads_pipeline_stats with (security_invoker = true) as
select
    l.org_id,
    l.status,
    count(*) as lead_count,
    count(l.sales_owner_user_id) as assigned_count,
    count(*) - count(l.sales_owner_user_id) as unassigned_count
from crm.leads l
where l.org_id = (select app.org_id())
group by l.org_id, l.status;

comment on view api.v_leads_pipeline_stats is 'Numbers of the leads that the reader may see, by status (spec: command_center §4).';
revoke all on api.v_leads_pipeline_stats from public;
grant select on api.v_leads_pipeline_stats to authenticated, analyst;
