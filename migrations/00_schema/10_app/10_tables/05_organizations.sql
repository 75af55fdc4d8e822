-- Organisations: the tenants. Also the essay on module `app`.
--
-- Module `app` keeps true what every other module leans on:
--
--   * who is asking. A request enters once (app.enter); app.uid(), app.org_id(), app.team_ids() and app.can()
--     answer from tables looked up at that moment, so a changed role counts at once. Where the session is a
--     log-in of its own (analysts), identity hangs on that log-in and on nothing the session can set.
--   * what they may do. Permissions are rows of app.role_permissions (role, resource, action, scope). Policies
--     and functions ask app.can(…) and never name a role.
--   * that every row belongs to one organisation. org_id leads every key, so no reference can cross. A table whose
--     other keys carry org_id already has none to app.organizations, nor have the counters and traces that the
--     owner's functions alone write: each would lock the organisation's one row for every row that is written.
--   * that a mutation leaves traces: app.audit_logs by trigger, app.outbox by the mutation, and its answer in
--     app.idempotency_keys when the caller named it.
--
-- Data flow: profile + role -> app.enter -> transaction-local settings -> policies -> rows.

create table app.organizations (
    org_id uuid primary key default gen_random_uuid(),
    name text not null constraint organizations_name_check check (btrim(name) <> '' and length(name) <= 255),
    -- Short name for log-ins, folders and commands.
    slug text not null constraint organizations_slug_key unique
        constraint organizations_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
alter table app.organizations enable row level security;

comment on table app.organizations is 'The tenants. A person belongs to exactly one; inactive = nobody of it can log in.';
