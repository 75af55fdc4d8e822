-- Rights on desk.calendars: read; changed through api functions.

revoke all on desk.calendars from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.calendars to authenticated, analyst;
