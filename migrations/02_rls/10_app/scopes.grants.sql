-- Rights on app.scopes: read by all, changed by migrations alone.

revoke all on app.scopes from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.scopes to authenticated, analyst;
