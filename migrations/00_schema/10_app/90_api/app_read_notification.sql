-- Marks one notification of the caller's as read, or as unread again.

create or replace function api.app_read_notification(p_notification_id bigint, p_mark text default 'read') returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_read_at timestamptz;
begin
    perform app.require('notifications', 'update');
    -- Invoker: the policy lets one's own through. Read twice is read at the first time.
    update app.notifications n
    set read_at = case when p_mark = 'read' then coalesce(n.read_at, app.now()) end
    where n.org_id = (select app.org_id()) and n.notification_id = p_notification_id
    returning n.read_at into v_read_at;
    if not found then
        perform app.fail('PT404', 'notification.not_found', 'There is no such notification.', p_notification_id::text);
    end if;
    return jsonb_build_object('notification_id', p_notification_id, 'read_at', v_read_at);
end
$$;

comment on function api.app_read_notification(bigint, text) is
    'p_mark: read, or unread to take the mark away. Returns {notification_id, read_at}. Doing it twice changes nothing. Raises PT401, PT404 notification.not_found also for somebody else''s (P37; decisions §5.9).';
revoke all on function api.app_read_notification(bigint, text) from public;
grant execute on function api.app_read_notification(bigint, text) to authenticated;
