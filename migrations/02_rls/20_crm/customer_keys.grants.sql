-- Rights on crm.customer_keys: nobody's. Triggers keep it, crm.match_customers reads it.

revoke all on crm.customer_keys from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
