-- Every threshold of log-in, in one place.

create or replace function app.auth_limits(
    out account_failures integer,
    out address_failures integer,
    out lock_time interval,
    out refresh_grace interval,
    out idle_time interval,
    out keep_ended interval,
    out key_time interval
)
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select
        5,                     -- wrong attempts on one account before it is locked
        100,                   -- wrong attempts from one address (an office behind one address has many people)
        interval '15 minutes', -- how long a lock holds, and how long a failure counts
        interval '10 seconds', -- how long the refresh token just replaced still works: two tabs, a double click, a lost answer
        interval '7 days',     -- a session that is not refreshed for so long is over
        interval '30 days',    -- ended sessions are remembered so long
        interval '90 days'     -- how long a signing key signs
$$;

comment on function app.auth_limits() is
    'The thresholds of log-in: five failures lock an account for fifteen minutes, a hundred an address. Rule: issue "the house stands" 5; decisions §3.';
revoke all on function app.auth_limits() from public;
