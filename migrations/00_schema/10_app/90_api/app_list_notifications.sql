-- A page of the caller's notifications, newest first, with how many are unread.

create or replace function api.app_list_notifications(
    p_unread boolean default null,
    p_topic text default null,
    p_open boolean default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
-- Filters that are not given must not be planned for.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_items jsonb;
    v_last bigint;
begin
    perform app.require('notifications', 'select');
    select jsonb_agg(to_jsonb(e) - 'org_id' - 'user_id' order by e.notification_id desc)
    into v_items
    from (
        select n.*
        from api.notifications n
        where n.org_id = (select app.org_id())
          and n.user_id = (select app.uid())
          and (p_after is null or n.notification_id < (p_after ->> 'notification_id')::bigint)
          and (p_unread is null or (n.read_at is null) = p_unread)
          and (p_topic is null or n.topic = p_topic)
          and (p_open is null or (n.resolved_at is null) = p_open)
        order by n.notification_id desc
        limit v_limit + 1
    ) e;
    if jsonb_array_length(v_items) > v_limit then
        v_last := (v_items -> (v_limit - 1) ->> 'notification_id')::bigint;
    end if;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        -- Up to a thousand: nobody reads the number beyond.
        'unread', (
            select count(*)
            from (
                select
                from app.notifications n
                where n.org_id = (select app.org_id()) and n.user_id = (select app.uid()) and n.read_at is null
                limit 1000
            ) as counted
        ),
        'next', case when v_last is not null then jsonb_build_object('notification_id', v_last) end
    );
end
$$;

comment on function api.app_list_notifications(boolean, text, boolean, integer, jsonb) is
    'p_unread: true = unread ones, false = read ones, null = all; p_topic; p_open: true = nobody dealt with what it asked for, false = somebody did; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.notifications, unread: how many of all, up to 1000, next}. Raises PT401 (decisions §5.9).';
revoke all on function api.app_list_notifications(boolean, text, boolean, integer, jsonb) from public;
grant execute on function api.app_list_notifications(boolean, text, boolean, integer, jsonb) to authenticated;
