-- What checks have found and repairs have done, newest first.

create or replace function api.members_list_system_logs(p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'log_id')::bigint;
    v_found jsonb;
begin
    perform app.require('system_logs', 'select');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.log_id desc)
    into v_found
    from (
        select l.*
        from api.system_logs l
        where v_after is null or l.log_id < v_after
        order by l.log_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_found - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_found) > v_limit then jsonb_build_object('log_id', v_found -> (v_limit - 1) -> 'log_id')
        end
    );
end
$$;

comment on function api.members_list_system_logs(integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.system_logs, next}. Raises PT401, PT403 (spec: member §5.23 activity log).';
revoke all on function api.members_list_system_logs(integer, jsonb) from public;
grant execute on function api.members_list_system_logs(integer, jsonb) to authenticated;
