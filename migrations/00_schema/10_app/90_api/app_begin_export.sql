-- The beginning of an export: whether it is allowed, and a line in the audit trail.

create or replace function api.app_begin_export(p_resource text, p_action text, p_asked jsonb) returns jsonb
language plpgsql
volatile
security definer -- app.audit_logs has no grant
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require(p_resource, p_action);
    perform app.audit_event(app.org_id(), 'api.' || p_resource, '*', 'EXPORT', app.uid(), p_asked);
    return p_asked;
end
$$;

comment on function api.app_begin_export(text, text, jsonb) is
    'p_resource and p_action: what the permission matrix is asked; p_asked: {fields, format, filters}, for the audit trail. Returns p_asked. The rows are read from the view of that name, under the caller''s policies. Raises PT401, PT403 (decisions §1.2, member case 159).';
revoke all on function api.app_begin_export(text, text, jsonb) from public;
grant execute on function api.app_begin_export(text, text, jsonb) to authenticated;
