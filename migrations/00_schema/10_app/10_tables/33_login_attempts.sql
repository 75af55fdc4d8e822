-- Failed log-ins that still count, per account and per network address. The rule: app.auth_limits.

create table app.login_attempts (
    kind text not null constraint login_attempts_kind_check check (kind in ('account', 'address')),
    -- SHA-256: people type passwords into the e-mail field. Unknown e-mails are counted like known ones,
    -- otherwise "locked" would tell which accounts exist.
    key_hash bytea not null,
    failed_count integer not null,
    counted_at timestamptz not null,
    constraint login_attempts_pkey primary key (kind, key_hash)
);
create index login_attempts_counted_at_idx on app.login_attempts (counted_at);
alter table app.login_attempts enable row level security;
comment on table app.login_attempts is
    'Log-in attempts that failed or are still undecided. Swept by log-in itself once they no longer count. No role has any privilege.';
