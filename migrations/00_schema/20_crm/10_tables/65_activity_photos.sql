-- Photos that prove visits.

create table crm.activity_photos (
    org_id uuid not null,
    photo_id bigint generated always as identity,
    -- What it proves; null: nothing yet, its uploader is about to say.
    activity_id bigint,
    uploaded_by uuid not null,
    uploaded_at timestamptz not null default now(),
    constraint activity_photos_pkey primary key (org_id, photo_id),
    constraint activity_photos_activity_fkey foreign key (org_id, activity_id) references crm.activities (org_id, activity_id)
        on delete cascade,
    constraint activity_photos_uploaded_by_fkey foreign key (org_id, uploaded_by) references app.profiles (org_id, user_id)
);
create unique index activity_photos_activity_key on crm.activity_photos (org_id, activity_id) where activity_id is not null;
create index activity_photos_unused_idx on crm.activity_photos (org_id, uploaded_at) where activity_id is null;
create index activity_photos_uploaded_by_idx on crm.activity_photos (org_id, uploaded_by);
alter table crm.activity_photos enable row level security;
comment on table crm.activity_photos is
    'A photo proves one activity; the file is in app.files, bucket prospect-evidence (decisions §1.4; spec: command_center §2.3, pitfall P36).';

alter table app.files
    add constraint files_photo_fkey foreign key (org_id, photo_id) references crm.activity_photos (org_id, photo_id) on delete cascade;
