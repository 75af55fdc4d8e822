-- Deletes an activity, with the photo that proves it.

create or replace function api.crm_delete_activity(p_activity_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('activities', 'delete');
    delete from crm.activities a where a.org_id = v_org_id and a.activity_id = p_activity_id;
    if not found then
        perform app.fail('PT404', 'activity.not_found', 'There is no such activity.', p_activity_id::text);
    end if;
    perform app.emit('activities.deleted', array[p_activity_id::text], array['activities']);
    return jsonb_build_object('activity_id', p_activity_id);
end
$$;

comment on function api.crm_delete_activity(bigint) is
    'Returns {activity_id}. Raises PT401, PT403, PT404 activity.not_found (spec: command_center §1.5).';
revoke all on function api.crm_delete_activity(bigint) from public;
grant execute on function api.crm_delete_activity(bigint) to authenticated;
