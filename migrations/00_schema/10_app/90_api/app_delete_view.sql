-- Deletes one of the caller's saved views.

create or replace function api.app_delete_view(p_view_id bigint) returns jsonb
language plpgsql
security definer -- saved views are deleted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('saved_views', 'delete');
    delete from app.saved_views v where v.org_id = app.org_id() and v.view_id = p_view_id and v.created_by = app.uid();
    if not found then
        perform app.fail('PT404', 'saved_view.not_found', 'You have no such view.', p_view_id::text);
    end if;
    return jsonb_build_object('view_id', p_view_id);
end
$$;

comment on function api.app_delete_view(bigint) is 'Returns {view_id}. Raises PT403, PT404 saved_view.not_found (spec: command_center §7).';
revoke all on function api.app_delete_view(bigint) from public;
grant execute on function api.app_delete_view(bigint) to authenticated;
