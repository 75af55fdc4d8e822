-- The keys that sign access tokens: in the database, so that all BFF processes share them.

create table app.signing_keys (
    kid text primary key constraint signing_keys_kid_check check (kid ~ '^[A-Za-z0-9_-]{8,64}$'),
    algorithm text not null constraint signing_keys_algorithm_check check (algorithm = 'EdDSA'),
    -- The raw 32 bytes of Ed25519.
    private_key bytea not null constraint signing_keys_private_key_check check (octet_length(private_key) = 32),
    created_at timestamptz not null,
    -- Signs until then, and verifies a day longer (no access token lives longer than a day).
    retires_at timestamptz not null,
    constraint signing_keys_retires_at_check check (retires_at > created_at)
);
alter table app.signing_keys enable row level security;
comment on table app.signing_keys is
    'Ed25519 keys of our access tokens. Deleting a row ends its tokens within five minutes (BFF processes re-read the keys). No role has any privilege.';
