-- Both halves of a job in one call, for schedulers such as pg_cron that give a call one transaction.

create or replace function app.run_due_jobs(p_milliseconds integer default 2000) returns jsonb
language plpgsql
volatile
security definer -- jobs do the owner's work; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.take_lease('jobs', 'app.run_due_jobs', 120) then
        return null;
    end if;
    -- A job that raises takes the whole call with it, and that it failed is on record in the scheduler's log only. So the next call
    -- must not choose the same one for sure: others would never get their turn.
    perform app.begin_job('app.run_due_jobs', p_at_random => true);
    return app.work_job('app.run_due_jobs', p_milliseconds);
end
$$;

comment on function app.run_due_jobs(integer) is
    'Does one slice, of p_milliseconds and to the end of the chunk, of anything that is due; returns what app.work_job does, null where nothing is due or another runner has the lease. Raises whatever the work raises. `pgcrm jobs run` is better: it records failures and waits after them. Rule: design §8.';
revoke all on function app.run_due_jobs(integer) from public;
grant execute on function app.run_due_jobs(integer) to pgcrm_worker;
