-- When each job is to run next, from what became of its last run.

create or replace function app.job_schedule() returns table (
    job_key text,
    org_id uuid,
    run_id bigint,
    state text,
    attempt integer,
    next_run_at timestamptz
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with last as (
        select j.job_key, j.every, j.daily_at, null::uuid as org_id, null::text as time_zone, r.*
        from app.jobs j
        left join lateral (
            select r.run_id, r.state, r.attempt, r.started_at, r.worked_at, r.finished_at
            from app.job_runs r
            where r.job_key = j.job_key and r.org_id is null
            order by r.run_id desc
            limit 1
        ) r on true
        where j.is_enabled
          and j.every is not null
        union all
        select j.job_key, j.every, j.daily_at, o.org_id, app.setting_of(o.org_id, 'time_zone') #>> '{}', r.*
        from app.jobs j
        cross join app.organizations o
        left join lateral (
            select r.run_id, r.state, r.attempt, r.started_at, r.worked_at, r.finished_at
            from app.job_runs r
            where r.job_key = j.job_key and r.org_id = o.org_id
            order by r.run_id desc
            limit 1
        ) r on true
        where j.is_enabled
          and j.daily_at is not null
          and o.is_active
    )
    select
        l.job_key,
        l.org_id,
        l.run_id,
        l.state,
        l.attempt,
        case
            -- Begun, and more is left: whoever has waited longest is next.
            when l.state = 'running' then l.worked_at
            when l.state = 'failed' then l.finished_at + app.job_pause(l.attempt)
            when l.every is not null then coalesce(l.started_at + l.every, '-infinity')
            -- The first moment of that time of day after the last begin; today's where there was none.
            else (
                case
                    when l.run_id is null then (app.now() at time zone l.time_zone)::date
                    when (l.started_at at time zone l.time_zone)::time < l.daily_at then (l.started_at at time zone l.time_zone)::date
                    else (l.started_at at time zone l.time_zone)::date + 1
                end + l.daily_at
            ) at time zone l.time_zone
        end
    from last l
$$;

comment on function app.job_schedule() is
    'Each job that is enabled, a daily one for each active organisation, with its last run and the moment from which it is due (-infinity: never ran). Rule: design §8.';
revoke all on function app.job_schedule() from public;
