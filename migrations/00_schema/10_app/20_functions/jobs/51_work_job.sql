-- Second half of a job: does what was begun, in chunks, for about a second.

create or replace function app.work_job(p_holder text, p_milliseconds integer default 1000) returns jsonb
language plpgsql
volatile
security definer -- jobs do the owner's work; the worker alone
set search_path = pg_catalog, pg_temp
as $$
declare
    c_chunk constant integer := 1000;
    v_work jsonb := (app.hold_lease('jobs', p_holder)).work;
    v_until timestamptz := clock_timestamp() + make_interval(secs => p_milliseconds / 1000.0);
    v_run app.job_runs;
    v_order app.job_queue;
    v_rows integer;
    v_total bigint := 0;
    v_more boolean;
begin
    if v_work is null then
        return null;
    end if;

    if v_work ? 'run_id' then
        select r.* into strict v_run from app.job_runs r where r.run_id = (v_work ->> 'run_id')::bigint;
        loop
            v_rows := app.do_scheduled_job(v_run.job_key, v_run.org_id, c_chunk);
            v_total := v_total + v_rows;
            v_more := v_rows >= c_chunk;
            exit when not v_more or clock_timestamp() >= v_until;
        end loop;
        update app.job_runs r
        set state = case when v_more then 'running' else 'done' end,
            row_count = r.row_count + v_total,
            worked_at = app.now(),
            finished_at = case when not v_more then app.now() end
        where r.run_id = v_run.run_id;
    else
        select q.*
        into strict v_order
        from app.job_queue q
        where q.org_id = (v_work ->> 'org_id')::uuid and q.job_id = (v_work ->> 'job_id')::bigint;
        loop
            v_more := app.do_queued_job(v_order.org_id, v_order.kind, v_order.ref_id, v_order.payload);
            v_total := v_total + 1;
            exit when not v_more or clock_timestamp() >= v_until;
        end loop;
        update app.job_queue q
        set state = case when v_more then 'waiting' else 'done' end,
            -- To the end of those that wait: long work lets others through.
            run_after = app.now(),
            attempts = case when v_more then 0 else q.attempts end,
            chunks = q.chunks + v_total::integer,
            last_error = null,
            finished_at = case when not v_more then app.now() end
        where q.org_id = v_order.org_id and q.job_id = v_order.job_id;
    end if;

    update app.leases l set work = null where l.name = 'jobs';
    return v_work || jsonb_build_object('done', v_total, 'more', v_more);
end
$$;

comment on function app.work_job(text, integer) is
    'Works for p_milliseconds, and to the end of the chunk, at what app.begin_job has begun. Returns that with done (rows of a scheduled job, chunks of queued work) and more (it is due again at once); null when nothing was begun. Raises whatever the work raises, and then has changed nothing. Rule: design §8.';
revoke all on function app.work_job(text, integer) from public;
grant execute on function app.work_job(text, integer) to pgcrm_worker;
