-- Rights on members.page_views: read; written by api functions.

revoke all on members.page_views from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.page_views to authenticated, analyst;
