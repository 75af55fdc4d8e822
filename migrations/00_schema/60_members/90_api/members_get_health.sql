-- The data sync dashboard: health, what it is made of, how much there is, what the clock does.

create or replace function api.members_get_health() returns jsonb
language plpgsql
stable
security definer -- counts rows and jobs that nobody reads one by one
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('data_sync', 'select');
    return members.health_of(v_org_id) || jsonb_build_object(
        'stats', jsonb_build_object(
            'reservations_pending', (select count(*) from members.reservations r where r.org_id = v_org_id and r.status = 'pending'),
            'reservations_approved', (select count(*) from members.reservations r where r.org_id = v_org_id and r.status = 'approved'),
            'deleted_reservations', (select count(*) from members.deleted_reservations d where d.org_id = v_org_id),
            'open_conflicts', (select count(*) from members.conflicts c where c.org_id = v_org_id and c.restored_at is null),
            'databases', (select count(*) from members.databases d where d.org_id = v_org_id and d.deleted_at is null),
            'legacy_records_refused', (
                select count(*) from members.legacy_records l where l.org_id = v_org_id and l.record_id is null and l.refused_reason is not null
            )
        )
        || (
            -- Kept by trigger, hence exact and not counted.
            select jsonb_build_object(
                'records', coalesce(sum(c.available + c.requested + c.assigned + c.archived), 0),
                'records_assigned', coalesce(sum(c.assigned), 0), 'records_in_conflict', coalesce(sum(c.conflicts), 0)
            )
            from members.databases d
            join members.record_counts c on c.org_id = d.org_id and c.database_id = d.database_id
            where d.org_id = v_org_id and d.deleted_at is null
        ),
        'scheduler', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'job_key', s.job_key, 'last_state', s.state, 'last_started_at', r.started_at,
                        -- Null: at once, it never ran.
                        'next_run_at', case when isfinite(s.next_run_at) then s.next_run_at end
                    )
                    order by s.job_key
                ),
                '[]'
            )
            from app.job_schedule() s
            left join app.job_runs r on r.run_id = s.run_id
            where s.job_key ~ '^members\.' and (s.org_id is null or s.org_id = v_org_id)
        )
    );
end
$$;

comment on function api.members_get_health() is
    'Returns members.health_of with stats (how many of what) and scheduler [{job_key, last_state, last_started_at, next_run_at}]. Raises PT401, PT403 (spec: member §5.23, case 151, LD-27).';
revoke all on function api.members_get_health() from public;
grant execute on function api.members_get_health() to authenticated;
