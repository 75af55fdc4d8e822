-- Triggers of desk.ticket_messages: the first response, audit.

create or replace function desk.ticket_messages_after_insert() returns trigger
language plpgsql
security definer -- SLA events are written by triggers alone
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Two at once: the unique index lets the second wait for the first, and then there is one.
    insert into desk.sla_events (org_id, ticket_id, event_type, event_at, metadata)
    select distinct on (n.org_id, n.ticket_id)
        n.org_id, n.ticket_id, 'FIRST_RESPONSE', n.created_at,
        jsonb_build_object(
            'by', n.created_by,
            'message_id', n.message_id,
            'minutes', round(extract(epoch from n.created_at - t.created_at) / 60, 2)
        )
    from new_rows n
    join desk.tickets t on t.org_id = n.org_id and t.ticket_id = n.ticket_id
    where n.created_by <> t.created_by
      -- What is said about a closed ticket answers nobody (spec: command_center §3.9).
      and t.closed_at is null
    order by n.org_id, n.ticket_id, n.created_at, n.message_id
    on conflict (org_id, ticket_id, event_type) where event_type in ('OPENED', 'FIRST_RESPONSE', 'RESOLVED') do nothing;
    return null;
end
$$;

comment on function desk.ticket_messages_after_insert() is
    'Writes the SLA event FIRST_RESPONSE {by, message_id, minutes} with the first message of somebody other than the author, while the ticket is open (spec: command_center §3.6, cases 69–71).';
revoke all on function desk.ticket_messages_after_insert() from public;

create or replace trigger ticket_messages_50_sla
after insert on desk.ticket_messages
referencing new table as new_rows
for each statement execute function desk.ticket_messages_after_insert();

create or replace trigger ticket_messages_90_audit_insert
after insert on desk.ticket_messages
referencing new table as new_rows
for each statement execute function app.audit_row_change('message_id');

create or replace trigger ticket_messages_92_audit_delete
after delete on desk.ticket_messages
referencing old table as old_rows
for each statement execute function app.audit_row_change('message_id');
