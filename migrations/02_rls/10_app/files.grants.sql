-- Rights on app.files: read through the row a file belongs to; written by api functions.

revoke all on app.files from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.files to authenticated, analyst;
