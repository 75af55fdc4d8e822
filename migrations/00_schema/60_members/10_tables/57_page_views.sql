-- When a person last looked at the records of a module: what came since is the number on its badge.

create table members.page_views (
    org_id uuid not null,
    user_id uuid not null,
    module text not null constraint page_views_module_check check (module in ('normal', 'member_wd', 'bonanza')),
    viewed_at timestamptz not null,
    constraint page_views_pkey primary key (org_id, user_id, module),
    constraint page_views_user_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id)
);
alter table members.page_views enable row level security;
comment on table members.page_views is 'One row for a person and module, moved whenever the page is looked at (spec: member §5.22 staff badge).';
