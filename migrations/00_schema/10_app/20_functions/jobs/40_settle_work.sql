-- Takes down that work which was begun has failed.

create or replace function app.settle_work(p_work jsonb, p_message text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.job_runs r
    set state = 'failed', message = left(p_message, 2000), finished_at = app.now()
    where r.run_id = (p_work ->> 'run_id')::bigint
      and r.state = 'running';

    update app.job_queue q
    set state = case when q.attempts < 5 then 'waiting' else 'dead' end,
        finished_at = case when q.attempts < 5 then null else app.now() end,
        run_after = app.now() + app.job_pause(q.attempts),
        last_error = left(p_message, 2000)
    where q.org_id = (p_work ->> 'org_id')::uuid
      and q.job_id = (p_work ->> 'job_id')::bigint
      and q.state = 'running';
end
$$;

comment on function app.settle_work(jsonb, text) is
    'p_work: what app.begin_job returned. A run has failed and is tried again after a pause; queued work too, until its fifth failure in a row: then it is dead. p_message: for people. Rule: design §8.';
revoke all on function app.settle_work(jsonb, text) from public;
