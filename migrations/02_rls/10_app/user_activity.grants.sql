-- Rights on app.user_activity: read; written by functions of the owner.

revoke all on app.user_activity from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.user_activity to authenticated, analyst;
