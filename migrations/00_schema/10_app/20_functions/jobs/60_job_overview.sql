-- What operators ask: which jobs there are, how their last runs ended, what waits and what is stuck.

create or replace function app.job_overview() returns jsonb
language plpgsql
stable
security definer -- the tables of jobs have no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_build_object(
        'jobs', (
            select jsonb_agg(
                jsonb_build_object(
                    'job_key', j.job_key,
                    'description', j.description,
                    'schedule', coalesce('every ' || j.every::text, 'daily at ' || to_char(j.daily_at, 'HH24:MI')),
                    'is_enabled', j.is_enabled,
                    'organisation', o.slug,
                    'last_started_at', r.started_at,
                    'last_state', r.state,
                    'last_rows', r.row_count,
                    'last_message', r.message,
                    'next_run_at', case when s.next_run_at > app.now() then s.next_run_at else app.now() end
                )
                order by j.job_key, o.slug
            )
            from app.jobs j
            left join app.job_schedule() s on s.job_key = j.job_key
            left join app.job_runs r on r.run_id = s.run_id
            left join app.organizations o on o.org_id = s.org_id
        ),
        'queue', (
            select coalesce(jsonb_agg(to_jsonb(w) order by w.run_after), '[]')
            from (
                select q.job_id, o.slug as organisation, q.kind, q.ref_id, q.state, q.attempts, q.chunks, q.run_after, q.last_error
                from app.job_queue q
                join app.organizations o on o.org_id = q.org_id
                where q.state <> 'done'
                order by q.run_after
                limit 200
            ) as w
        ),
        'leases', (
            select coalesce(
                jsonb_agg(jsonb_build_object('name', l.name, 'holder', l.holder, 'taken_at', l.taken_at) order by l.name), '[]'
            )
            from app.leases l
            where l.expires_at >= clock_timestamp()
        ),
        'unsent_events', (select count(*) from app.outbox o where o.sent_at is null),
        'oldest_unsent_at', (select min(o.created_at) from app.outbox o where o.sent_at is null)
    );
end
$$;

comment on function app.job_overview() is
    'jobs (last run, next run), queue (at most 200 that are not done, dead ones among them), leases that are held, unsent_events: for `pgcrm jobs list` and `pgcrm doctor`.';
revoke all on function app.job_overview() from public;
grant execute on function app.job_overview() to pgcrm_worker;
