-- Rights on app.saved_views: one's own can be renamed and refilled; made and removed through api functions.

revoke all on app.saved_views from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.saved_views to authenticated, analyst;
grant update (view_name, filter_json, is_default) on app.saved_views to authenticated;
