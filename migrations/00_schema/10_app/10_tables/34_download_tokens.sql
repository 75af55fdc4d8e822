-- Links that download one export without an Authorization header: one row until it is used, a minute at most.

create table app.download_tokens (
    -- SHA-256 of the token, and of the path and query that it is good for: neither is kept.
    token_hash bytea constraint download_tokens_pkey primary key
        constraint download_tokens_token_hash_check check (octet_length(token_hash) = 32),
    target_hash bytea not null constraint download_tokens_target_hash_check check (octet_length(target_hash) = 32),
    org_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint download_tokens_profile_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id),
    constraint download_tokens_expires_at_check check (expires_at <= created_at + interval '60 seconds')
);
create index download_tokens_user_id_idx on app.download_tokens (org_id, user_id);
alter table app.download_tokens enable row level security;
comment on table app.download_tokens is
    'Tokens that wait to be used, each for one export of one person (member BF-38). Use deletes the row. No role has any privilege.';
