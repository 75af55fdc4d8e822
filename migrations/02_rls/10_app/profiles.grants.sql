-- Rights on app.profiles: the name alone can be changed directly; role, department, manager through api functions (pitfall P4).

revoke all on app.profiles from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.profiles to authenticated, analyst;
grant update (full_name) on app.profiles to authenticated;
