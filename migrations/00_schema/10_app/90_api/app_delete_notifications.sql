-- Deletes the caller's notifications, all or up to the latest that was seen.

create or replace function api.app_delete_notifications(p_up_to bigint default null) returns jsonb
language plpgsql
volatile
security definer -- notifications are deleted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deleted bigint;
begin
    perform app.require('notifications', 'delete');
    delete from app.notifications n
    where n.org_id = app.org_id() and n.user_id = app.uid()
      -- What came after the page was shown has not been seen.
      and n.notification_id <= coalesce(p_up_to, 9223372036854775807);
    get diagnostics v_deleted = row_count;
    return jsonb_build_object('deleted', v_deleted);
end
$$;

comment on function api.app_delete_notifications(bigint) is
    'p_up_to: the latest notification that was seen; null = all. Returns {deleted: how many}; again deletes none. Raises PT401, PT403 (spec: member §5.22).';
revoke all on function api.app_delete_notifications(bigint) from public;
grant execute on function api.app_delete_notifications(bigint) to authenticated;
