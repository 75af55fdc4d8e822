-- Log-ins that are alive: one row is one family of refresh tokens, of which exactly one is current.

create table app.sessions (
    session_id uuid primary key default gen_random_uuid(),
    org_id uuid not null,
    user_id uuid not null,
    -- A refresh token has two halves: the family's, which stays, and the generation's, which each refresh
    -- replaces. A right family with a generation that is over = somebody uses an old token: reuse, however
    -- old it is, found without keeping every hash that ever was. Only SHA-256 hashes are stored.
    family_hash bytea not null constraint sessions_family_hash_key unique
        constraint sessions_family_hash_check check (octet_length(family_hash) = 32),
    token_hash bytea not null constraint sessions_token_hash_check check (octet_length(token_hash) = 32),
    previous_hash bytea,
    -- From the previous token and this salt the BFF derives the current one again (grace of app.auth_limits).
    rotation_salt bytea,
    rotated_at timestamptz not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text constraint sessions_revoked_reason_check
        check (revoked_reason in ('logout', 'logout_all', 'password_changed', 'reuse', 'deactivated')),
    ip_address text,
    user_agent text,
    constraint sessions_profile_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id),
    constraint sessions_revoked_check check ((revoked_at is null) = (revoked_reason is null)),
    constraint sessions_rotation_check check ((previous_hash is null) = (rotation_salt is null))
);
create index sessions_user_id_idx on app.sessions (user_id);
alter table app.sessions enable row level security;
comment on table app.sessions is
    'Refresh token families. Ended ones stay 30 days, so that a late reuse is still recognised. No role has any privilege.';
