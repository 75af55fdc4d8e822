-- Instead of the second half of a job: takes down that it raised.

create or replace function app.fail_job(p_holder text, p_message text) returns void
language plpgsql
volatile
security definer -- the tables of jobs have no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.settle_work((app.hold_lease('jobs', p_holder)).work, p_message);
    update app.leases l set work = null where l.name = 'jobs';
end
$$;

comment on function app.fail_job(text, text) is
    'What app.begin_job has begun has failed, with p_message; others go on, this is tried again later (app.settle_work). In a transaction of its own: the one that failed is gone. Rule: design §8.';
revoke all on function app.fail_job(text, text) from public;
grant execute on function app.fail_job(text, text) to pgcrm_worker;
