-- Rights on ar.payments: read; append-only, through functions (case 115).

revoke all on ar.payments from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ar.payments to authenticated, analyst;
