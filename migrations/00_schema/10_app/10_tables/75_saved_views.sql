-- Filters that a person keeps for a screen.

create table app.saved_views (
    org_id uuid not null,
    view_id bigint generated always as identity,
    module text not null
        constraint saved_views_module_check check (module in ('dashboard', 'kpi', 'crm', 'ticketing', 'dso', 'members', 'staff')),
    view_name text not null constraint saved_views_view_name_check check (btrim(view_name) <> '' and length(view_name) <= 100),
    filter_json jsonb not null default '{}'
        constraint saved_views_filter_json_check check (jsonb_typeof(filter_json) = 'object'),
    is_default boolean not null default false,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint saved_views_pkey primary key (org_id, view_id),
    constraint saved_views_name_key unique (org_id, created_by, module, view_name),
    constraint saved_views_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id) on delete cascade
);
create unique index saved_views_default_key on app.saved_views (org_id, created_by, module) where is_default;
alter table app.saved_views enable row level security;
comment on table app.saved_views is 'Saved filters, own only; at most one default per person and module (spec: command_center §2.3).';
