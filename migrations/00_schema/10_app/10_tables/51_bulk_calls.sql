-- When people last changed many things at once: nobody does it more often than the organisation allows.

create table app.bulk_calls (
    org_id uuid not null,
    user_id uuid not null,
    -- Of the last minute, and no more than are allowed in one.
    called_at timestamptz[] not null,
    constraint bulk_calls_pkey primary key (org_id, user_id),
    constraint bulk_calls_user_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id)
);
alter table app.bulk_calls enable row level security;
comment on table app.bulk_calls is 'One row for a person who ever did; counted by app.count_bulk_call (decisions §4: 10 calls a minute).';
