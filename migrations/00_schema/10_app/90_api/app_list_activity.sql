-- Who is here: people by name, with when they were last active. Looking changes nothing.

create or replace function api.app_list_activity(p_status text default null, p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
-- By key, also where everybody was here just now.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    -- Whom the caller looks after: null = everybody.
    v_reach uuid[] := case when not app.can('user_activity', 'select', 'all') then app.team_ids() end;
    v_now timestamptz := app.now();
    v_items jsonb;
    v_last jsonb;
begin
    perform app.require('user_activity', 'select');
    if p_status not in ('online', 'idle', 'offline') then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such status.',
            '[{"field": "status", "code": "activity.status.unknown", "message": "must be online, idle or offline"}]'
        );
    end if;
    select jsonb_agg(to_jsonb(page) order by page.full_name, page.user_id)
    into v_items
    from (
        select d.user_id, d.full_name, d.role_key, s.status, a.last_active_at, a.last_login_at, a.last_logout_at
        from api.v_user_directory d
        left join app.user_activity a on a.org_id = d.org_id and a.user_id = d.user_id
        cross join lateral (
            select case
                when a.last_active_at is null or a.last_logout_at >= a.last_active_at then 'offline'
                when a.last_active_at > v_now - interval '5 minutes' then 'online'
                when a.last_active_at >= v_now - interval '30 minutes' then 'idle'
                else 'offline'
            end as status
        ) s
        where d.is_active
          and (v_reach is null or d.user_id = any (v_reach))
          and (p_status is null or s.status = p_status)
          and (p_after is null or (d.full_name, d.user_id) > (p_after ->> 'full_name', (p_after ->> 'user_id')::uuid))
        order by d.full_name, d.user_id
        limit v_limit + 1
    ) page;
    if jsonb_array_length(v_items) > v_limit then
        v_last := v_items -> (v_limit - 1);
    end if;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'counts', (
            select jsonb_build_object(
                'online', count(*) filter (where a.last_active_at > v_now - interval '5 minutes'),
                'idle', count(*) filter (where a.last_active_at <= v_now - interval '5 minutes')
            )
            from app.user_activity a
            join api.v_user_directory d on d.org_id = a.org_id and d.user_id = a.user_id and d.is_active
            where a.org_id = (select app.org_id())
              and (v_reach is null or a.user_id = any (v_reach))
              and a.last_active_at >= v_now - interval '30 minutes'
              and (a.last_logout_at is null or a.last_logout_at < a.last_active_at)
        ),
        'next', case
            when v_last is not null then jsonb_build_object('full_name', v_last -> 'full_name', 'user_id', v_last -> 'user_id')
        end
    );
end
$$;

comment on function api.app_list_activity(text, integer, jsonb) is
    'p_status: online, idle, offline or null for all; p_limit 1–100; p_after: `next` of the page before. Returns {items: [{user_id, full_name, role_key, status, last_active_at, last_login_at, last_logout_at}], counts: {online, idle} of all, next} of active people whom the caller looks after. Raises PT401, PT403, PT422 (spec: member §2 activity, case 9, BF-2).';
revoke all on function api.app_list_activity(text, integer, jsonb) from public;
grant execute on function api.app_list_activity(text, integer, jsonb) to authenticated;
