-- Rights on members.download_requests: read; written by api functions.

revoke all on members.download_requests from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.download_requests to authenticated, analyst;
