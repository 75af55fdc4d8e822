-- Rights on members.products: read; written by api functions.

revoke all on members.products from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.products to authenticated, analyst;
