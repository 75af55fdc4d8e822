-- The caller's own saved views.

create or replace function api.app_list_saved_views(p_module text default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('saved_views', 'select');
    return jsonb_build_object(
        'items',
        (
            select coalesce(jsonb_agg(to_jsonb(v) - 'org_id' - 'created_by' order by v.module, v.view_name), '[]')
            from api.saved_views v
            where v.created_by = (select app.uid())
              and (p_module is null or v.module = p_module)
        )
    );
end
$$;

comment on function api.app_list_saved_views(text) is
    'Returns {items: own rows of api.saved_views}, by module and name. Raises PT401, PT403 (spec: command_center §2.3, §7).';
revoke all on function api.app_list_saved_views(text) from public;
grant execute on function api.app_list_saved_views(text) to authenticated;
