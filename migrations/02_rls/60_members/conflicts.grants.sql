-- Rights on members.conflicts: read; written by triggers.

revoke all on members.conflicts from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.conflicts to authenticated, analyst;
