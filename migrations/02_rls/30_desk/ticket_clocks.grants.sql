-- Rights on desk.ticket_clocks: read; kept by triggers.

revoke all on desk.ticket_clocks from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.ticket_clocks to authenticated, analyst;
