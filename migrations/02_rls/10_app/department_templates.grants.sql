-- Rights on app.department_templates: nobody's. app.create_organization copies it.

revoke all on app.department_templates from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
