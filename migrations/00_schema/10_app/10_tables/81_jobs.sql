-- What happens by the clock: the jobs there are, and what became of each run.

create table app.jobs (
    job_key text primary key constraint jobs_job_key_check check (job_key ~ '^[a-z][a-z0-9_.]{0,59}$'),
    description text not null,
    -- One of the two: again so long after the last begin, for the whole database; or once a day for each organisation, at that
    -- time where the organisation is.
    every interval constraint jobs_every_check check (every > interval '0'),
    daily_at time,
    is_enabled boolean not null default true,
    constraint jobs_schedule_check check (num_nonnulls(every, daily_at) = 1)
);
alter table app.jobs enable row level security;
comment on table app.jobs is
    'Jobs and their schedules, changed by migrations alone. What a job does is one line of app.do_scheduled_job (design §8).';

create table app.job_runs (
    run_id bigint generated always as identity primary key,
    job_key text not null constraint job_runs_job_key_fkey references app.jobs (job_key) on delete cascade,
    -- Of a daily job: whose day it is. Null: the whole database.
    org_id uuid,
    -- running: begun, and more is left; done; failed: raised, or its runner was killed at it.
    state text not null constraint job_runs_state_check check (state in ('running', 'done', 'failed')),
    -- Counts failures in a row: 1 for a first try.
    attempt integer not null,
    row_count bigint not null default 0,
    message text,
    holder text not null,
    started_at timestamptz not null,
    worked_at timestamptz not null,
    finished_at timestamptz,
    constraint job_runs_finished_check check ((state = 'running') = (finished_at is null))
);
create index job_runs_last_idx on app.job_runs (job_key, org_id, run_id);
alter table app.job_runs enable row level security;
comment on table app.job_runs is 'Runs of scheduled jobs: when, how many rows, how they ended. Kept 30 days, the last one of each for ever.';
