-- Titles and pins of legacy batches: records of a normal database that a staff had before there were requests.

create table members.batch_titles (
    org_id uuid not null,
    user_id uuid not null,
    database_id bigint not null,
    custom_title text constraint batch_titles_custom_title_check check (btrim(custom_title) <> '' and length(custom_title) <= 100),
    is_pinned boolean not null default false,
    constraint batch_titles_pkey primary key (org_id, user_id, database_id),
    constraint batch_titles_user_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id),
    constraint batch_titles_database_fkey foreign key (org_id, database_id) references members.databases (org_id, database_id)
);
create index batch_titles_database_idx on members.batch_titles (org_id, database_id);
alter table members.batch_titles enable row level security;
comment on table members.batch_titles is
    'How a person calls its legacy batch of a database; those of requests have it on members.batches (spec: member §4 batch_titles, §5.4).';
