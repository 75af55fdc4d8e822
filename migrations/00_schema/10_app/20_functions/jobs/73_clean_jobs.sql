-- Job: forgets runs and finished work.

create or replace function app.clean_jobs(p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_runs integer;
    v_orders integer;
begin
    delete from app.job_runs r
    where r.run_id in (
        select x.run_id
        from app.job_runs x
        where x.finished_at < app.now() - interval '30 days'
          -- The last one says when the next is due.
          and exists (
              select
              from app.job_runs y
              where y.job_key = x.job_key and y.org_id is not distinct from x.org_id and y.run_id > x.run_id
          )
        limit p_limit
    );
    get diagnostics v_runs = row_count;

    delete from app.job_queue q
    where (q.org_id, q.job_id) in (
        select x.org_id, x.job_id
        from app.job_queue x
        where x.state = 'done'
          and x.finished_at < app.now() - interval '30 days'
        limit p_limit - v_runs
    );
    get diagnostics v_orders = row_count;

    return v_runs + v_orders;
end
$$;

comment on function app.clean_jobs(integer) is
    'Deletes at most p_limit runs and done orders that ended more than 30 days ago; returns how many. The last run of a job and dead orders stay.';
revoke all on function app.clean_jobs(integer) from public;
