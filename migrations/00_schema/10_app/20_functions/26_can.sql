-- Whether the caller's role has a permission: what policies ask, once per statement.

create or replace function app.can(p_resource text, p_action text, p_scope text) returns boolean
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        strpos(app.identity_value('permissions'), ' ' || p_resource || ':' || p_action || ':' || p_scope || ' ') > 0,
        false
    );
end
$$;

comment on function app.can(text, text, text) is
    'True when app.role_permissions has (role of the caller, resource, action, scope). Write (select app.can(…)) in policies so that it runs once per statement (spec: command_center §1.5).';
revoke all on function app.can(text, text, text) from public;
grant execute on function app.can(text, text, text) to authenticated, analyst;
