-- Keeps app.roles.permission_list equal to app.role_permissions.

create or replace function app.role_permissions_after_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.roles r
    set permission_list = current_list.permissions
    from (
        select
            k.role_key,
            ' ' || coalesce(
                string_agg(
                    p.resource || ':' || p.action || ':' || p.scope || ' ', ''
                    order by p.resource, p.action, p.scope
                ),
                ''
            ) as permissions
        from app.roles k
        left join app.role_permissions p on p.role_key = k.role_key
        group by k.role_key
    ) current_list
    where current_list.role_key = r.role_key
      and r.permission_list <> current_list.permissions;
    return null;
end
$$;

comment on function app.role_permissions_after_change() is
    'Rewrites the permission list of every role whose permissions changed; the table is tiny and changed by migrations alone.';
revoke all on function app.role_permissions_after_change() from public;

create or replace trigger role_permissions_10_list
after insert or update or delete on app.role_permissions
for each statement execute function app.role_permissions_after_change();
