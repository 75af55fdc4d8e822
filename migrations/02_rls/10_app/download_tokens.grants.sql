-- Download tokens: reached through functions only. Nobody has any privilege here.

revoke all on app.download_tokens from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
