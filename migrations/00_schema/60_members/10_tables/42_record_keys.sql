-- The keys of records once more, for search: beside the records, so that handing one out does not index its keys anew.

create table members.record_keys (
    org_id uuid not null,
    database_id bigint not null,
    record_id bigint not null,
    match_keys text[] not null,
    -- No foreign key: the triggers of members.records, which know the record, write the rows and remove them with it.
    constraint record_keys_pkey primary key (org_id, database_id, record_id)
);
-- Which records a reservation is about, whatever their status. What a file brings is collected in a list of up to 8 MB and
-- sorted in from there, so that neighbours are written together; whoever searches meanwhile reads the list too.
create index record_keys_match_idx on members.record_keys using gin (org_id, match_keys) with (gin_pending_list_limit = 8192);
alter table members.record_keys enable row level security;
comment on table members.record_keys is
    'match_keys of each record, kept by triggers: how reservations find records (spec: member §3.6, §5.10; BF-5).';
