-- Which menus the caller has.

create or replace function api.app_menus() returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object('items', api.app_me() -> 'menus')
$$;

comment on function api.app_menus() is
    'Returns {items: [{key, label}]} in their order; what is not there is not shown. Raises PT401 auth.required (spec: command_center §1.1, §7, case 141).';
revoke all on function api.app_menus() from public;
grant execute on function api.app_menus() to authenticated;
