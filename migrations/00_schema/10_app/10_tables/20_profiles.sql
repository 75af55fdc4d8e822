-- People. A profile is who somebody is here; how they log in is app.credentials, app.db_logins or Supabase.

create table app.profiles (
    org_id uuid not null constraint profiles_org_id_fkey references app.organizations (org_id),
    user_id uuid not null default gen_random_uuid(),
    user_code text not null constraint profiles_user_code_check check (btrim(user_code) <> ''),
    email text not null constraint profiles_email_check check (email like '%_@_%' and length(email) <= 255),
    full_name text not null constraint profiles_full_name_check check (btrim(full_name) <> '' and length(full_name) <= 255),
    role_key text not null constraint profiles_role_key_fkey references app.roles (role_key),
    dept_code text not null,
    manager_user_id uuid,
    is_active boolean not null default true,
    -- Screens that are hidden from this person; for roles that allow it.
    blocked_pages text[] not null default '{}',
    -- Deleted people stay for whatever refers to them, without their e-mail.
    deleted_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint profiles_pkey primary key (org_id, user_id),
    constraint profiles_user_code_key unique (org_id, user_code),
    constraint profiles_email_key unique (org_id, email),
    constraint profiles_department_fkey foreign key (org_id, dept_code) references app.departments (org_id, dept_code),
    constraint profiles_manager_fkey foreign key (org_id, manager_user_id) references app.profiles (org_id, user_id),
    constraint profiles_manager_check check (manager_user_id <> user_id),
    constraint profiles_deleted_check check (deleted_at is null or not is_active)
);

-- A request knows the user and not yet the organisation (named exception, decisions §5.5).
create unique index profiles_user_id_key on app.profiles (user_id);
create index profiles_manager_idx on app.profiles (org_id, manager_user_id);
create index profiles_role_idx on app.profiles (org_id, role_key);
-- Lists of people are in the order of their names.
create index profiles_name_idx on app.profiles (org_id, full_name, user_id);
create index profiles_department_idx on app.profiles (org_id, dept_code);

alter table app.profiles enable row level security;
comment on table app.profiles is
    'People of an organisation: role, department, manager. Inactive = unauthenticated everywhere, at once (spec: command_center §1.1–§1.3).';
comment on column app.profiles.manager_user_id is 'Whose team this person is in; one level deep (spec: command_center §1.2).';

create table app.db_logins (
    login name primary key,
    user_id uuid not null constraint db_logins_user_id_fkey references app.profiles (user_id) on delete cascade,
    kind text not null constraint db_logins_kind_check check (kind in ('analyst', 'psql')),
    -- Short-lived log-ins (pgcrm psql --as) end here whatever Postgres still accepts.
    expires_at timestamptz,
    created_at timestamptz not null default now()
);
create index db_logins_user_id_idx on app.db_logins (user_id);
alter table app.db_logins enable row level security;
comment on table app.db_logins is
    'Which person a Postgres log-in is. For these sessions identity is this row, whatever the session has set (pitfall P3).';
