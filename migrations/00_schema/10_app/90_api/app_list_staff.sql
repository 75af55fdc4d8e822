-- Who can be handed records: names for the lists in which staff are chosen.

create or replace function api.app_list_staff() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('v_user_directory', 'select');
    return jsonb_build_object(
        'items', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object('user_id', d.user_id, 'user_code', d.user_code, 'full_name', d.full_name)
                    order by d.full_name, d.user_id
                ),
                '[]'
            )
            from api.v_user_directory d
            where d.is_active
              and exists (
                  select
                  from app.role_permissions p
                  where p.role_key = d.role_key and p.resource = 'records' and p.action = 'validate'
              )
        )
    );
end
$$;

comment on function api.app_list_staff() is
    'Returns {items: [{user_id, user_code, full_name}]}, by name, of active people whose role works on records. Raises PT401 (spec: member §5.1 staff-users).';
revoke all on function api.app_list_staff() from public;
grant execute on function api.app_list_staff() to authenticated;
