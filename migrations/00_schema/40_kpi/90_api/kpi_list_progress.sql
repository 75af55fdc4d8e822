-- A page of targets with what was reached, newest first.

create or replace function api.kpi_list_progress(
    p_whose text, p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'target_id')::bigint, 9223372036854775807);
    v_metric_key text := p_filters ->> 'metric_key';
    v_assignee uuid := (p_filters ->> 'assignee_user_id')::uuid;
    v_on date := (p_filters ->> 'on')::date;
    v_uid uuid := app.uid();
    v_ids bigint[];
begin
    perform app.require('kpi_targets', 'select');
    -- The page first: numbers are made for what is on it alone.
    v_ids := array(
        select t.target_id
        from api.kpi_targets t
        where t.target_id < v_after
          and (v_metric_key is null or t.metric_key = v_metric_key)
          and (v_assignee is null or t.assignee_user_id = v_assignee)
          and (p_whose <> 'my' or t.assignee_user_id = v_uid)
          and (p_whose <> 'team' or t.assignee_user_id <> v_uid)
          and (v_on is null or (t.period_start <= v_on and t.period_end >= v_on))
        order by t.target_id desc
        limit v_limit + 1
    );
    return jsonb_build_object(
        'items', kpi.progress_of(v_ids[:v_limit]),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('target_id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.kpi_list_progress(text, jsonb, integer, jsonb) is
    'p_whose: all that the caller sees, my (own targets), team (of other people); p_filters: {metric_key, assignee_user_id, on (a day of the period)}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.v_kpi_progress, next}. Raises PT401, PT403 (spec: command_center §7).';
revoke all on function api.kpi_list_progress(text, jsonb, integer, jsonb) from public;
grant execute on function api.kpi_list_progress(text, jsonb, integer, jsonb) to authenticated;
