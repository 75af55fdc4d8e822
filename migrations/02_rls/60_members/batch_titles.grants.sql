-- Rights on members.batch_titles: read; written by api functions.

revoke all on members.batch_titles from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.batch_titles to authenticated, analyst;
