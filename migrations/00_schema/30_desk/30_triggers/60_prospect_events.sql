-- A ticket about a lead is an event of the lead's prospect, however the ticket came about.

create or replace function desk.tickets_note_prospects() returns trigger
language plpgsql
security definer -- events have no insert grant
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into crm.prospect_events (org_id, prospect_id, event_type, ref_id, created_by)
    select
        n.org_id, l.prospect_id,
        case n.ticket_type when 'inquiry tariff' then 'RFQ_CREATED' else 'TICKET_CREATED' end,
        n.ticket_id, n.created_by
    from new_rows n
    join crm.leads l on l.org_id = n.org_id and l.lead_id = n.related_lead_id;
    return null;
end
$$;

comment on function desk.tickets_note_prospects() is
    'Writes RFQ_CREATED, or TICKET_CREATED for other types, with the ticket as ref_id: never asked for twice (spec: command_center §2.3, case 56).';
revoke all on function desk.tickets_note_prospects() from public;

create or replace trigger tickets_60_prospect_events
after insert on desk.tickets
referencing new table as new_rows
for each statement execute function desk.tickets_note_prospects();
