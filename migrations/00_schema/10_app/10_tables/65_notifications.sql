-- What a person should look at; addressed to one user.

create table app.notifications (
    org_id uuid not null,
    notification_id bigint generated always as identity,
    user_id uuid not null,
    topic text not null,
    title text not null,
    -- Points to what it is about; the reader opens it through their own rights.
    entity_table text,
    entity_id text,
    -- Ids and numbers that a screen shows beside the title.
    data jsonb not null default '{}' constraint notifications_data_check check (jsonb_typeof(data) = 'object'),
    created_at timestamptz not null default now(),
    read_at timestamptz,
    -- What it asked for has been done, by whomever.
    resolved_at timestamptz,
    constraint notifications_pkey primary key (org_id, notification_id),
    constraint notifications_user_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id) on delete cascade
);
create index notifications_user_idx on app.notifications (org_id, user_id, notification_id desc);
create index notifications_open_idx on app.notifications (org_id, topic, entity_id) where resolved_at is null;
create index notifications_unread_idx on app.notifications (org_id, user_id, notification_id desc) where read_at is null;
alter table app.notifications enable row level security;
comment on table app.notifications is 'Messages to one person each. A title never quotes data the person may not read.';
