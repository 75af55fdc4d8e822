-- The conflict log in numbers.

create or replace function api.members_conflict_stats(
    p_staff_id uuid default null,
    p_date_from date default null,
    p_date_to date default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone text := app.setting('time_zone') #>> '{}';
    v_today date := app.today();
    v_from timestamptz := p_date_from::timestamp at time zone v_zone;
    v_until timestamptz := (p_date_to + 1)::timestamp at time zone v_zone;
begin
    perform app.require('conflicts', 'select');
    return (
        with lines as materialized (
            select
                c.source, c.affected_staff_id, c.affected_staff_name, c.reserved_by_staff_id, c.reserved_by_staff_name,
                (c.invalidated_at at time zone v_zone)::date as day
            from api.conflicts c
            where (p_staff_id is null or c.affected_staff_id = p_staff_id)
              and (v_from is null or c.invalidated_at >= v_from)
              and (v_until is null or c.invalidated_at < v_until)
        )
        select jsonb_build_object(
            'total', count(*),
            'today', count(*) filter (where l.day = v_today),
            'last_7_days', count(*) filter (where l.day > v_today - 7),
            'last_30_days', count(*) filter (where l.day > v_today - 30),
            'distinct_affected', count(distinct l.affected_staff_id),
            'distinct_reservers', count(distinct l.reserved_by_staff_id),
            'by_source', (
                select coalesce(jsonb_object_agg(g.source, g.lines), '{}')
                from (select s.source, count(*) as lines from lines s group by s.source) g
            ),
            'by_date', (
                select coalesce(jsonb_agg(jsonb_build_object('date', g.day, 'count', g.lines) order by g.day desc), '[]')
                from (select s.day, count(*) as lines from lines s group by s.day order by s.day desc limit 7) g
            ),
            'top_affected', (
                select coalesce(jsonb_agg(jsonb_build_object('staff_id', g.id, 'staff_name', g.name, 'count', g.lines) order by g.lines desc, g.name, g.id), '[]')
                from (
                    select s.affected_staff_id as id, s.affected_staff_name as name, count(*) as lines
                    from lines s group by 1, 2 order by 3 desc, 2, 1 limit 5
                ) g
            ),
            'top_reservers', (
                select coalesce(jsonb_agg(jsonb_build_object('staff_id', g.id, 'staff_name', g.name, 'count', g.lines) order by g.lines desc, g.name, g.id), '[]')
                from (
                    select s.reserved_by_staff_id as id, s.reserved_by_staff_name as name, count(*) as lines
                    from lines s group by 1, 2 order by 3 desc, 2, 1 limit 5
                ) g
            )
        )
        from lines l
    );
end
$$;

comment on function api.members_conflict_stats(uuid, date, date) is
    'Filters as in api.members_list_conflicts. Returns {total, today, last_7_days, last_30_days, distinct_affected, distinct_reservers, by_source, by_date: the latest 7 days that have any, top_affected, top_reservers: 5 of {staff_id, staff_name, count}}. Days are the organisation''s. Raises PT401, PT403 (spec: member §5.7, case 59).';
revoke all on function api.members_conflict_stats(uuid, date, date) from public;
grant execute on function api.members_conflict_stats(uuid, date, date) to authenticated;
