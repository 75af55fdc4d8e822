-- Rights on desk.tickets: read; everything else through api functions, because status and masking must not be set by hand (pitfall P13).

revoke all on desk.tickets from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.tickets to authenticated, analyst;
