-- Rights on kpi.marketing_spend: what was recorded can be corrected; made and removed through api functions.

revoke all on kpi.marketing_spend from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on kpi.marketing_spend to authenticated, analyst;
grant update (channel, spend_date, amount, campaign_name, notes) on kpi.marketing_spend to authenticated;
