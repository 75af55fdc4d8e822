-- Roles, scopes and permissions as data: the only place where a role is named.

create table app.scopes (
    scope text primary key constraint scopes_scope_check check (scope ~ '^[a-z_]+$'),
    description text not null
);
alter table app.scopes enable row level security;
comment on table app.scopes is 'What part of a table''s rows a permission covers; each scope is one line of a policy.';

create table app.roles (
    role_key text primary key constraint roles_role_key_check check (role_key ~ '^[a-z_]+$'),
    label text not null constraint roles_label_key unique,
    origin text not null constraint roles_origin_check check (origin in ('command_center', 'crm_boost')),
    role_group text not null
        constraint roles_role_group_check check (role_group in ('admin', 'marketing', 'sales', 'ops', 'finance')),
    -- Who may manage whom: a person manages roles of a lower level only.
    level integer not null constraint roles_level_check check (level between 0 and 100),
    can_own_leads boolean not null default false,
    is_read_only boolean not null default false,
    -- Whether screens can be hidden from single people who have it (spec: member §2).
    pages_can_be_blocked boolean not null default false,
    -- ' resource:action:scope …', kept by trigger from app.role_permissions: each request reads it once.
    permission_list text not null default ' '
);
alter table app.roles enable row level security;
comment on table app.roles is 'The eighteen roles and what rules need to know about a person who has one (decisions §1.2).';

create table app.role_permissions (
    role_key text not null constraint role_permissions_role_key_fkey references app.roles (role_key),
    resource text not null constraint role_permissions_resource_check check (resource ~ '^[a-z_.]+$'),
    action text not null constraint role_permissions_action_check check (action ~ '^[a-z_]+$'),
    scope text not null constraint role_permissions_scope_fkey references app.scopes (scope),
    constraint role_permissions_pkey primary key (role_key, resource, action, scope)
);
create index role_permissions_scope_idx on app.role_permissions (scope);
alter table app.role_permissions enable row level security;
comment on table app.role_permissions is
    'Who may do what to which rows. Several scopes for one role, resource and action are or-ed (spec: command_center §1.5, decisions §1.2, §5).';

create table app.menus (
    menu_key text primary key,
    label text not null constraint menus_label_key unique,
    position integer not null
);
alter table app.menus enable row level security;
comment on table app.menus is 'Top-level menus in their order (spec: command_center §1.1).';

create table app.role_menus (
    role_key text not null constraint role_menus_role_key_fkey references app.roles (role_key),
    menu_key text not null constraint role_menus_menu_key_fkey references app.menus (menu_key),
    constraint role_menus_pkey primary key (role_key, menu_key)
);
create index role_menus_menu_key_idx on app.role_menus (menu_key);
alter table app.role_menus enable row level security;
comment on table app.role_menus is 'Which menus a role sees; one that is not listed is not shown at all.';
