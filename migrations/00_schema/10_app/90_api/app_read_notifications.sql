-- Marks all notifications of the caller's as read.

create or replace function api.app_read_notifications(payload jsonb default '{}') returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_count bigint;
begin
    perform app.require('notifications', 'update');
    v_wanted := app.read_payload('notifications', payload, '{"up_to": {"kind": "id"}}');
    update app.notifications n
    set read_at = app.now()
    where n.org_id = (select app.org_id())
      and n.user_id = (select app.uid())
      and n.read_at is null
      -- What came after the page was shown has not been seen.
      and n.notification_id <= coalesce((v_wanted ->> 'up_to')::bigint, 9223372036854775807);
    get diagnostics v_count = row_count;
    return jsonb_build_object('read', v_count);
end
$$;

comment on function api.app_read_notifications(jsonb) is
    'payload {up_to}: the latest notification that was seen; without it, all. Returns {read: how many}. Doing it twice changes nothing. Raises PT401, PT422 (P37; decisions §5.9).';
revoke all on function api.app_read_notifications(jsonb) from public;
grant execute on function api.app_read_notifications(jsonb) to authenticated;
