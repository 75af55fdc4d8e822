-- The schemas, one for each module, and the extensions; `api` is the whole public surface.

create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists btree_gin with schema extensions;

-- `temporary` would let anybody create types and functions that shadow ours while our code runs.
do $$
begin
    execute format('revoke temporary, create on database %I from public', current_database());
    execute format('grant create on database %I to pgcrm_owner', current_database());
    -- Our statements are short; compiling a plan costs more than it ever saves here.
    execute format('alter database %I set jit = off', current_database());
end
$$;
revoke create on schema public from public;

create schema if not exists app authorization pgcrm_owner;
create schema if not exists crm authorization pgcrm_owner;
create schema if not exists desk authorization pgcrm_owner;
create schema if not exists ar authorization pgcrm_owner;
create schema if not exists kpi authorization pgcrm_owner;
create schema if not exists members authorization pgcrm_owner;
create schema if not exists ingest authorization pgcrm_owner;
create schema if not exists api authorization pgcrm_owner;
create schema if not exists tests authorization pgcrm_owner;

comment on schema app is 'Organisations, people, permissions, settings, audit, idempotency: what every module stands on.';
comment on schema crm is 'Customers, contacts, leads, prospects.';
comment on schema desk is 'Tickets and their service levels.';
comment on schema ar is 'Invoices and payments.';
comment on schema kpi is 'Metrics, targets, what was achieved, spend and activity of marketing.';
comment on schema members is 'Member databases, the batches staff work on, reservations.';
comment on schema ingest is 'Files that came in, row by row.';
comment on schema api is 'The public surface: functions and views, nothing else.';
comment on schema tests is 'Lints and impersonation helpers that a DBA can run on any database.';

grant usage on schema extensions to pgcrm_owner, authenticated, analyst;
