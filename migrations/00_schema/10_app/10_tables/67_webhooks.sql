-- Who else is told of events: addresses that get a signed POST, and what became of each.

create table app.webhooks (
    org_id uuid not null constraint webhooks_org_id_fkey references app.organizations (org_id),
    webhook_id bigint generated always as identity,
    -- What is at the other end is looked at when it is called: names can change what they mean.
    url text not null constraint webhooks_url_check check (
        length(url) <= 2000
        and url ~* '^https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?([/?][!-"$-~]*)?$'
    ),
    -- `leads.created`, `leads.*` or `*`.
    topics text[] not null constraint webhooks_topics_check check (cardinality(topics) between 1 and 50),
    description text constraint webhooks_description_check check (btrim(description) <> '' and length(description) <= 200),
    is_active boolean not null default true,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Its deliveries go in chunks, then the row.
    deleted_at timestamptz,
    constraint webhooks_pkey primary key (org_id, webhook_id),
    constraint webhooks_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index webhooks_created_by_idx on app.webhooks (org_id, created_by);
alter table app.webhooks enable row level security;
comment on table app.webhooks is 'Subscriptions of other systems to events, by topic (design §8).';

create table app.webhook_secrets (
    org_id uuid not null,
    webhook_id bigint not null,
    secret bytea not null constraint webhook_secrets_secret_check check (octet_length(secret) = 32),
    -- After a change both sign for a day, so that receivers can follow.
    previous_secret bytea constraint webhook_secrets_previous_secret_check check (octet_length(previous_secret) = 32),
    previous_until timestamptz,
    constraint webhook_secrets_pkey primary key (org_id, webhook_id),
    constraint webhook_secrets_webhook_fkey foreign key (org_id, webhook_id)
        references app.webhooks (org_id, webhook_id) on delete cascade,
    constraint webhook_secrets_previous_check check ((previous_secret is null) = (previous_until is null))
);
alter table app.webhook_secrets enable row level security;
comment on table app.webhook_secrets is 'What signs deliveries. No role has any privilege; the worker gets it with what it is to send.';

create table app.webhook_deliveries (
    org_id uuid not null,
    delivery_id bigint generated always as identity,
    webhook_id bigint not null,
    -- Row of app.outbox; no foreign key: events are forgotten earlier.
    event_id bigint not null,
    topic text not null,
    key text not null,
    tags text[] not null default '{}',
    payload jsonb not null default '{}',
    occurred_at timestamptz not null,
    -- queued: an earlier one of its key is still to be sent.
    state text not null constraint webhook_deliveries_state_check check (state in ('queued', 'ready', 'sent', 'dead')),
    attempts integer not null default 0 constraint webhook_deliveries_attempts_check check (attempts >= 0),
    next_attempt_at timestamptz not null,
    last_attempt_at timestamptz,
    last_status integer,
    last_error text,
    settled_at timestamptz,
    constraint webhook_deliveries_pkey primary key (org_id, delivery_id),
    constraint webhook_deliveries_webhook_fkey foreign key (org_id, webhook_id) references app.webhooks (org_id, webhook_id),
    constraint webhook_deliveries_settled_check check ((state in ('sent', 'dead')) = (settled_at is not null))
);
create index webhook_deliveries_webhook_idx on app.webhook_deliveries (org_id, webhook_id, delivery_id);
create index webhook_deliveries_state_idx on app.webhook_deliveries (org_id, webhook_id, state, delivery_id);
create index webhook_deliveries_due_idx on app.webhook_deliveries (org_id, webhook_id, next_attempt_at) where state = 'ready';
-- The order of each key is the schema's: one of them at a time can be sent.
create unique index webhook_deliveries_ready_key on app.webhook_deliveries (org_id, webhook_id, key) where state = 'ready';
create index webhook_deliveries_queued_idx on app.webhook_deliveries (org_id, webhook_id, key, delivery_id) where state = 'queued';
create index webhook_deliveries_settled_idx on app.webhook_deliveries (org_id, settled_at) where settled_at is not null;
alter table app.webhook_deliveries enable row level security;
comment on table app.webhook_deliveries is
    'One row for each event and subscription: sent at least once, in the order of events for each key; dead after the last attempt, until somebody replays it (design §8).';
