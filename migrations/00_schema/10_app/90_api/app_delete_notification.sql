-- Deletes one notification of the caller's.

create or replace function api.app_delete_notification(p_notification_id bigint) returns jsonb
language plpgsql
volatile
security definer -- notifications are deleted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('notifications', 'delete');
    delete from app.notifications n
    where n.org_id = app.org_id() and n.notification_id = p_notification_id and n.user_id = app.uid();
    if not found then
        perform app.fail('PT404', 'notification.not_found', 'There is no such notification.', p_notification_id::text);
    end if;
    return jsonb_build_object('notification_id', p_notification_id);
end
$$;

comment on function api.app_delete_notification(bigint) is
    'Returns {notification_id}. Raises PT401, PT403, PT404 notification.not_found also for somebody else''s (spec: member §5.22).';
revoke all on function api.app_delete_notification(bigint) from public;
grant execute on function api.app_delete_notification(bigint) to authenticated;
