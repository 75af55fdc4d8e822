-- Rights on crm.service_templates: nobody's. app.create_organization copies it.

revoke all on crm.service_templates from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
