-- Who may log in here: e-mail, password hash and second factor, one row for each person with a password of ours.
-- (Analysts are app.db_logins; under PGCRM_AUTH=supabase this table is empty.)
--
-- Log-in in short: the BFF asks app.auth_begin for the hash, compares (argon2id is Python's), and reports with
-- app.auth_succeed or app.auth_fail. The attempt is counted before the hash leaves, and the functions return
-- verdicts instead of raising, so the count is committed whatever happens next.

create table app.credentials (
    user_id uuid primary key,
    org_id uuid not null,
    -- Follows app.profiles.email (trigger). Unique across organisations: log-in knows only the e-mail.
    email text not null,
    email_key text not null generated always as (lower(btrim(email))) stored
        constraint credentials_email_key unique,
    password_hash text not null constraint credentials_password_hash_check check (password_hash like '$argon2id$%'),
    -- Counts changes (not re-hashing): what was proven against version n does not count for n + 1.
    password_version integer not null default 1,
    password_changed_at timestamptz not null,
    must_change boolean not null default false,
    -- Base32. Without totp_confirmed_at it is an enrolment that has not been finished and asks nothing of log-in.
    totp_secret text,
    totp_confirmed_at timestamptz,
    -- The last 30-second step that was accepted: a code counts once.
    totp_last_step bigint,
    created_at timestamptz not null default now(),
    constraint credentials_profile_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id),
    constraint credentials_totp_check check (totp_secret is not null or (totp_confirmed_at is null and totp_last_step is null))
);
alter table app.credentials enable row level security;
comment on table app.credentials is
    'Local log-ins: password hash (argon2id) and TOTP. No role has any privilege; gateways reach it through app.auth_… functions. Never audited by image.';

create table app.recovery_codes (
    user_id uuid not null constraint recovery_codes_user_id_fkey references app.credentials (user_id) on delete cascade,
    -- SHA-256: a code is 80 random bits, so a slow hash would add nothing.
    code_hash bytea not null constraint recovery_codes_code_hash_check check (octet_length(code_hash) = 32),
    used_at timestamptz,
    constraint recovery_codes_pkey primary key (user_id, code_hash)
);
alter table app.recovery_codes enable row level security;
comment on table app.recovery_codes is 'Stand-ins for the second factor; each counts once.';
