-- The conflict log, newest first.

create or replace function api.members_list_conflicts(
    p_staff_id uuid default null,
    p_date_from date default null,
    p_date_to date default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 1000);
    v_zone text := app.setting('time_zone') #>> '{}';
    -- Days are the organisation's.
    v_from timestamptz := p_date_from::timestamp at time zone v_zone;
    v_until timestamptz := (p_date_to + 1)::timestamp at time zone v_zone;
    v_after timestamptz := (p_after ->> 'invalidated_at')::timestamptz;
    v_after_id bigint := (p_after ->> 'conflict_id')::bigint;
    v_found jsonb;
begin
    perform app.require('conflicts', 'select');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.invalidated_at desc, page.conflict_id desc)
    into v_found
    from (
        select c.*
        from api.conflicts c
        where (p_staff_id is null or c.affected_staff_id = p_staff_id)
          and (v_from is null or c.invalidated_at >= v_from)
          and (v_until is null or c.invalidated_at < v_until)
          and (v_after is null or (c.invalidated_at, c.conflict_id) < (v_after, v_after_id))
        order by c.invalidated_at desc, c.conflict_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_found - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_found) > v_limit
                then jsonb_build_object(
                    'invalidated_at', v_found -> (v_limit - 1) -> 'invalidated_at', 'conflict_id', v_found -> (v_limit - 1) -> 'conflict_id'
                )
        end
    );
end
$$;

comment on function api.members_list_conflicts(uuid, date, date, integer, jsonb) is
    'p_staff_id: whose records; p_date_from, p_date_to: days of the organisation, both included; p_limit 1–1000; p_after: `next` of the page before. Returns {items: rows of api.conflicts, next}. Raises PT401, PT403 (spec: member §5.7, case 59).';
revoke all on function api.members_list_conflicts(uuid, date, date, integer, jsonb) from public;
grant execute on function api.members_list_conflicts(uuid, date, date, integer, jsonb) to authenticated;
