-- Rights on app.notifications: only the mark of having read it can be changed.

revoke all on app.notifications from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.notifications to authenticated, analyst;
grant update (read_at) on app.notifications to authenticated;
