-- A page of entries that the caller sees, newest first.

create or replace function api.kpi_list_entries(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'entry_id')::bigint, 9223372036854775807);
    v_metric_key text := p_filters ->> 'metric_key';
    v_assignee uuid := (p_filters ->> 'assignee_user_id')::uuid;
    v_from date := (p_filters ->> 'entry_date_from')::date;
    v_to date := (p_filters ->> 'entry_date_to')::date;
    v_people uuid[];
    v_items jsonb;
begin
    perform app.require('kpi_entries', 'select');
    v_people := kpi.visible_people('kpi_entries');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.entry_id desc)
    into v_items
    from (
        select e.*
        from api.kpi_entries e
        where e.entry_id < v_after
          and (v_people is null or e.assignee_user_id = any (v_people))
          and (v_metric_key is null or e.metric_key = v_metric_key)
          and (v_assignee is null or e.assignee_user_id = v_assignee)
          and (v_from is null or e.entry_date >= v_from)
          and (v_to is null or e.entry_date <= v_to)
        order by e.entry_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit
                then jsonb_build_object('entry_id', v_items -> (v_limit - 1) -> 'entry_id')
        end
    );
end
$$;

comment on function api.kpi_list_entries(jsonb, integer, jsonb) is
    'p_filters: {metric_key, assignee_user_id, entry_date_from, entry_date_to}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.kpi_entries, next}. Raises PT401, PT403 (spec: command_center §7).';
revoke all on function api.kpi_list_entries(jsonb, integer, jsonb) from public;
grant execute on function api.kpi_list_entries(jsonb, integer, jsonb) to authenticated;
