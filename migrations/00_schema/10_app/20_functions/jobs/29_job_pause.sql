-- How long to wait after a failure.

create or replace function app.job_pause(p_attempt integer) returns interval
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select least(interval '30 seconds' * 2 ^ least(p_attempt - 1, 10), interval '1 hour')
$$;

comment on function app.job_pause(integer) is 'Pause after the p_attempt-th failure in a row: 30 s, doubled each time, an hour at most.';
revoke all on function app.job_pause(integer) from public;
