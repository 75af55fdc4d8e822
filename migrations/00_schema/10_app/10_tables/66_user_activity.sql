-- When people were last here: one row for each person who ever was.

create table app.user_activity (
    org_id uuid not null,
    user_id uuid not null,
    -- Moved by log-ins and by the heartbeat of whoever has a page open.
    last_active_at timestamptz,
    last_login_at timestamptz,
    last_logout_at timestamptz,
    constraint user_activity_pkey primary key (org_id, user_id),
    constraint user_activity_user_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id)
)
-- A row moves every minute and is in no other index: it moves within its page.
with (fillfactor = 50);
alter table app.user_activity enable row level security;
comment on table app.user_activity is
    'Apart from app.profiles, which everything refers to and whose changes are audited (spec: member §2 activity, case 9, BF-2).';
