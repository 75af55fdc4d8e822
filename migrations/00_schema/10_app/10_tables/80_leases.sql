-- Who does what only one may do at a time. A holder renews its lease; one that was killed loses it by time.

create table app.leases (
    name text primary key constraint leases_name_check check (name ~ '^[a-z_]{1,40}$'),
    holder text not null constraint leases_holder_check check (length(holder) between 1 and 200),
    -- The server's clock alone decides: those of the holders may differ.
    taken_at timestamptz not null,
    expires_at timestamptz not null,
    -- Lease of jobs: what its holder has begun and not ended. It outlives a holder that was killed.
    work jsonb
);
alter table app.leases enable row level security;
comment on table app.leases is 'Leases with heartbeat: dispatcher, jobs. Functions of the holder lock the row, so that two never work at once (design §8).';

create table app.event_channel (
    is_set boolean primary key default true constraint event_channel_single_check check (is_set),
    -- Postgres lets every log-in listen on every channel, analysts' too: knowing the name is the right to.
    name text not null default 'pgcrm_' || replace(gen_random_uuid()::text, '-', '')
);
alter table app.event_channel enable row level security;
comment on table app.event_channel is 'The channel of notifications about events of all organisations: a secret, made on first use.';
