-- What happened and others may want to know: appended in the mutation's transaction, delivered later.

create table app.outbox (
    org_id uuid not null,
    id bigint generated always as identity,
    -- <resource>.<what happened>. Topic and tags travel in one notification, which Postgres limits to 8,000 bytes.
    topic text not null constraint outbox_topic_check check (topic ~ '^[a-z][a-z0-9_]*\.[a-z0-9_.]{1,80}$'),
    key text not null,
    payload jsonb not null default '{}',
    -- Resources of the permission matrix whose readers should read again.
    cache_tags text[] not null default '{}' constraint outbox_cache_tags_check check (octet_length(cache_tags::text) <= 2000),
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    constraint outbox_pkey primary key (org_id, id)
)
-- Sending leaves a dead entry in the index of what is unsent, which is read some times a second: it is vacuumed early.
with (autovacuum_vacuum_scale_factor = 0.02);
-- The dispatcher reads all organisations in order of id (named exception, decisions §5.5).
create index outbox_unsent_idx on app.outbox (id) where sent_at is null;
alter table app.outbox enable row level security;
comment on table app.outbox is 'Events in the order of their ids; no payload holds personal data beyond ids (design §8).';
