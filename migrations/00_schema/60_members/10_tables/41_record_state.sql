-- What changes on a record while it is worked with, as the audit trail compares it.

create type members.record_state as (
    status text,
    batch_id bigint,
    assigned_to uuid,
    assigned_at timestamptz,
    assigned_by uuid,
    validation_status text,
    validation_reason text,
    validated_at timestamptz,
    archived_at timestamptz,
    archived_by uuid,
    is_reservation_conflict boolean,
    request_id bigint,
    whatsapp_status text,
    whatsapp_status_updated_at timestamptz,
    respond_status text,
    respond_status_updated_at timestamptz
);
comment on type members.record_state is 'Columns of members.records (spec: command_center §3.5).';

-- Where records stand, for functions that hand them on to each other.

create type members.record_place as (
    record_id bigint,
    database_id bigint,
    batch_id bigint
);
comment on type members.record_place is 'A record with its database and batch.';
