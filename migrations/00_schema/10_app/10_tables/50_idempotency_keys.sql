-- Answers already given, so that a repeated request has one effect.

create table app.idempotency_keys (
    org_id uuid not null,
    user_id uuid not null,
    operation text not null,
    key text not null constraint idempotency_keys_key_check check (length(key) between 1 and 255),
    request_hash text not null,
    response text not null,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (org_id, user_id, operation, key)
);
create index idempotency_keys_created_at_idx on app.idempotency_keys (org_id, created_at);
alter table app.idempotency_keys enable row level security;
comment on table app.idempotency_keys is
    'Stored answers, 24 hours, per organisation, person and operation. Failures are not remembered (design §5).';
