-- Work to be done once and soon, too long for the call that ordered it: done in chunks by the runner of jobs.

create table app.job_queue (
    org_id uuid not null,
    job_id bigint generated always as identity,
    -- What to do: a line of app.do_queued_job; what with: ids, never personal data.
    kind text not null constraint job_queue_kind_check check (kind ~ '^[a-z][a-z0-9_.]{0,59}$'),
    ref_id bigint not null,
    payload jsonb not null default '{}',
    -- waiting, running (a chunk is being done), done; dead: failed too often, somebody has to look.
    state text not null default 'waiting' constraint job_queue_state_check check (state in ('waiting', 'running', 'done', 'dead')),
    -- Tries since the last chunk that succeeded; one is counted before it begins, so that a kill counts too.
    attempts integer not null default 0,
    chunks integer not null default 0,
    run_after timestamptz not null,
    last_error text,
    created_by uuid,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint job_queue_pkey primary key (org_id, job_id),
    constraint job_queue_finished_check check ((state in ('done', 'dead')) = (finished_at is not null))
);
-- Ordered twice while it waits = ordered once.
create unique index job_queue_open_key on app.job_queue (org_id, kind, ref_id) where state in ('waiting', 'running');
-- The runner reads all organisations in order of time (named exception, tests.v_indexes_without_org_id).
create index job_queue_due_idx on app.job_queue (run_after, job_id) where state = 'waiting';
alter table app.job_queue enable row level security;
comment on table app.job_queue is 'One-off work, in chunks: app.enqueue_job puts it in. Finished rows stay 30 days, dead ones for ever (design §8).';
