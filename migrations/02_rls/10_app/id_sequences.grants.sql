-- Rights on app.id_sequences: nobody's (pitfall P6).

revoke all on app.id_sequences from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
