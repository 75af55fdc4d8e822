-- First half of a job: chooses what is due and takes down that it was begun, so that whatever happens then, it counts.

create or replace function app.begin_job(p_holder text, p_at_random boolean default false) returns jsonb
language plpgsql
volatile
security definer -- the tables of jobs have no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_lease app.leases := app.hold_lease('jobs', p_holder);
    v_next record;
    v_work jsonb;
begin
    if v_lease.work is not null then
        perform app.settle_work(v_lease.work, 'Its runner ended in the middle of it.');
    end if;

    select *
    into v_next
    from (
        select s.next_run_at as due_at, s.job_key, s.org_id, s.run_id, s.state, s.attempt, null::bigint as job_id, null::text as kind
        from app.job_schedule() s
        union all
        (
            select q.run_after, null, q.org_id, null, null, null, q.job_id, q.kind
            from app.job_queue q
            where q.state = 'waiting'
              and q.run_after <= app.now()
            order by case when p_at_random then random() end, q.run_after, q.job_id
            limit 1
        )
    ) as due
    where due.due_at <= app.now()
    order by case when p_at_random then random() end, due.due_at, due.job_key, due.org_id, due.job_id
    limit 1;

    if v_next.job_id is not null then
        update app.job_queue q
        set state = 'running', attempts = q.attempts + 1
        where q.org_id = v_next.org_id and q.job_id = v_next.job_id;
        v_work := jsonb_build_object('name', v_next.kind, 'org_id', v_next.org_id, 'job_id', v_next.job_id);
    elsif v_next.job_key is not null then
        if v_next.state is distinct from 'running' then
            insert into app.job_runs (job_key, org_id, state, attempt, holder, started_at, worked_at)
            values (
                v_next.job_key, v_next.org_id, 'running',
                case v_next.state when 'failed' then v_next.attempt + 1 else 1 end,
                p_holder, app.now(), app.now()
            )
            returning run_id into v_next.run_id;
        end if;
        v_work := jsonb_build_object('name', v_next.job_key, 'org_id', v_next.org_id, 'run_id', v_next.run_id);
    end if;

    update app.leases l
    set work = v_work
    where l.name = 'jobs'
      and l.work is distinct from v_work;
    return v_work;
end
$$;

comment on function app.begin_job(text, boolean) is
    'Chooses what has been due longest (p_at_random: anything that is due), of scheduled jobs and queued work, and takes down that p_holder has begun it: {name, org_id, run_id | job_id}, null = nothing is due. Commit, then call app.work_job; if that raises, app.fail_job. What an earlier call began and nobody ended has failed. Raises PT409 lease.lost without the lease jobs. Rule: design §8.';
revoke all on function app.begin_job(text, boolean) from public;
grant execute on function app.begin_job(text, boolean) to pgcrm_worker;
