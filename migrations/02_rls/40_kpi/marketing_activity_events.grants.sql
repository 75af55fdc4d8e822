-- Rights on kpi.marketing_activity_events: what was recorded can be corrected; made and removed through api functions.

revoke all on kpi.marketing_activity_events from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on kpi.marketing_activity_events to authenticated, analyst;
grant update (activity_name, channel, activity_date, quantity, notes) on kpi.marketing_activity_events to authenticated;
