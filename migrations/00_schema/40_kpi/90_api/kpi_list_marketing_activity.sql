-- A page of what was done, newest first.

create or replace function api.kpi_list_marketing_activity(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'activity_id')::bigint, 9223372036854775807);
    v_activity_name text := p_filters ->> 'activity_name';
    v_channel text := p_filters ->> 'channel';
    v_created_by uuid := (p_filters ->> 'created_by')::uuid;
    v_from date := (p_filters ->> 'activity_date_from')::date;
    v_to date := (p_filters ->> 'activity_date_to')::date;
    v_items jsonb;
begin
    perform app.require('marketing_activity_events', 'select');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.activity_id desc)
    into v_items
    from (
        select m.*
        from api.marketing_activity_events m
        where m.activity_id < v_after
          and (v_activity_name is null or m.activity_name = v_activity_name)
          and (v_channel is null or m.channel = v_channel)
          and (v_created_by is null or m.created_by = v_created_by)
          and (v_from is null or m.activity_date >= v_from)
          and (v_to is null or m.activity_date <= v_to)
        order by m.activity_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit
                then jsonb_build_object('activity_id', v_items -> (v_limit - 1) -> 'activity_id')
        end
    );
end
$$;

comment on function api.kpi_list_marketing_activity(jsonb, integer, jsonb) is
    'p_filters: {activity_name, channel, created_by, activity_date_from, activity_date_to}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.marketing_activity_events, next}. Raises PT401, PT403 (spec: command_center §7).';
revoke all on function api.kpi_list_marketing_activity(jsonb, integer, jsonb) from public;
grant execute on function api.kpi_list_marketing_activity(jsonb, integer, jsonb) to authenticated;
