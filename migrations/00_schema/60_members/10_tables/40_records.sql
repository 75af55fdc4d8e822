-- Records: one row for each member of a list.

create table members.records (
    org_id uuid not null,
    record_id bigint generated always as identity,
    module text not null,
    database_id bigint not null,
    -- 1…n within the database; the line of the file is ingest.import_rows.row_no.
    row_number bigint not null constraint records_row_number_check check (row_number > 0),
    -- Column of the file to its text, trimmed.
    row_data jsonb not null constraint records_row_data_check check (jsonb_typeof(row_data) = 'object'),
    -- Of row_data by the database's key, name and phone column; blank = null.
    customer_id text,
    customer_name text,
    phone text,
    -- Every value as reservations compare it (BF-5); found by members.record_keys.
    match_keys text[] not null,
    -- Where a random pick finds it; a new one whenever it comes back.
    pick_key integer not null default floor(random() * 2147483647),
    status text not null default 'available' constraint records_status_check
        check (status in ('available', 'requested', 'assigned', 'invalid_archived')),
    batch_id bigint,
    assigned_to uuid,
    assigned_at timestamptz,
    assigned_by uuid,
    validation_status text constraint records_validation_status_check check (validation_status in ('validated', 'invalid')),
    validation_reason text constraint records_validation_reason_check check (length(validation_reason) <= 1000),
    validated_at timestamptz,
    archived_at timestamptz,
    archived_by uuid,
    -- Somebody else reserved the customer while this record was with its staff: it stays assigned (BF-16).
    is_reservation_conflict boolean not null default false,
    -- The request that it was picked for: normal databases only, from the request on (BF-7).
    request_id bigint,
    -- Can the member be written to, did the member answer: normal databases only. Clearing one is a change too, with its time.
    whatsapp_status text constraint records_whatsapp_status_check check (whatsapp_status in ('ada', 'ceklis1', 'tidak')),
    whatsapp_status_updated_at timestamptz,
    respond_status text constraint records_respond_status_check check (respond_status in ('ya', 'tidak')),
    respond_status_updated_at timestamptz,
    created_at timestamptz not null default now(),
    -- With room: each change of a record adds an entry where the record's own is.
    constraint records_pkey primary key (org_id, record_id) with (fillfactor = 70),
    -- Of which database, in which batch, with and by whom: kept by a trigger of each statement (30_triggers/41_records_keys.sql).
    -- Foreign keys look up and lock all four for every record, which took a quarter of handing out.
    constraint records_module_check check (
        case module
            -- Without request and batch a record of theirs was assigned before there were requests (spec: member §5.4, legacy).
            when 'normal' then
                case status when 'available' then request_id is null when 'requested' then request_id is not null else true end
            when 'member_wd' then
                status <> 'requested' and request_id is null and (batch_id is not null) = (assigned_to is not null)
            when 'bonanza' then status <> 'requested' and request_id is null and batch_id is null
        end
    ),
    -- Nobody is written to before the record is somebody's.
    constraint records_contact_check check (
        (module = 'normal' and assigned_to is not null)
        or num_nonnulls(whatsapp_status, whatsapp_status_updated_at, respond_status, respond_status_updated_at) = 0
    ),
    constraint records_assigned_check check (
        (status in ('assigned', 'invalid_archived')) = (assigned_to is not null) and (assigned_to is null) = (assigned_at is null)
    ),
    constraint records_archived_check check ((status = 'invalid_archived') = (archived_at is not null)),
    constraint records_conflict_check check (status = 'assigned' or not is_reservation_conflict)
)
-- Room for the next version of a record beside it: handing out does not make the table grow, and logs only what differs.
with (fillfactor = 85);
-- A random pick walks this from a random place.
create index records_pick_idx on members.records (org_id, database_id, pick_key) where status = 'available';
-- What is in a database, for whoever counts it: what one file brought lies together, and costs nothing to keep when records are
-- handed out. Lists in the order of the file walk members.record_keys.
create index records_database_idx on members.records using brin (org_id, database_id) with (pages_per_range = 32, autosummarize = on);
-- What a staff has, card by card. What all records of a card have in common stands last: words are dear to compare.
create index records_assigned_to_idx on members.records (org_id, assigned_to, database_id, batch_id, record_id, status, module)
    where assigned_to is not null;
create index records_archived_idx on members.records (org_id, module, record_id) where status = 'invalid_archived';
-- Marks that nobody looks at any more: none, unless somebody typed them in (spec: member §5.10 dismiss).
create index records_marked_idx on members.records (org_id, module)
    where status = 'available' and validation_status is not null;
-- All assignments of normal databases, and one's own, newest first (spec: member §5.4, §5.5).
create index records_newest_idx on members.records (org_id, assigned_at desc, record_id desc)
    where module = 'normal' and status = 'assigned';
create index records_newest_own_idx on members.records (org_id, assigned_to, assigned_at desc, record_id desc)
    where module = 'normal' and status = 'assigned';
alter table members.records enable row level security;
comment on table members.records is
    'One member of one list. available -> (requested ->) assigned -> (validated, invalid) -> invalid_archived; reserved is no state, it is asked (spec: member §5.10, §7; decisions D-2).';
