-- Rights on app.calling_codes: nobody's. Phone keys are made by functions of the owner.

revoke all on app.calling_codes from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
