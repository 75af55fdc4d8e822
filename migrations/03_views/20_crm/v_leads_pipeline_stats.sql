-- How many leads stand where, and how many of them nobody owns yet.

create view api.v_leads_pipeline_stats with (security_invoker = true) as
select
    c.org_id,
    c.status,
    c.leads as lead_count,
    c.assigned as assigned_count,
    c.leads - c.assigned as unassigned_count
from crm.count_leads() c;

comment on view api.v_leads_pipeline_stats is 'Numbers of the leads that the reader may see, by status (spec: command_center §4).';
revoke all on api.v_leads_pipeline_stats from public;
grant select on api.v_leads_pipeline_stats to authenticated, analyst;
