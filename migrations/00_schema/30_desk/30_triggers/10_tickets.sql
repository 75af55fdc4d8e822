-- Triggers of desk.tickets: id, first status, masking, SLA events, audit.

create or replace function desk.tickets_before_write() returns trigger
language plpgsql
security definer -- draws a number
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        if new.ticket_id is null then
            new.ticket_id := app.next_prefixed_id(
                new.org_id,
                case new.ticket_type
                    when 'inquiry tariff' then 'RFQ' || new.dept_target
                    when 'general request' then 'GEN' || new.dept_target
                    when 'request pickup' then 'REQPU'
                    else 'REQDVR'
                end,
                app.today()
            );
        end if;
        new.inquiry_status := case when new.ticket_type = 'inquiry tariff' then 'OPEN' end;
        new.ticket_status := case when new.ticket_type <> 'inquiry tariff' then 'OPEN' end;
    end if;
    if new.related_lead_id is not null then
        new.need_customer_masking := true;
    end if;
    if coalesce(new.inquiry_status, new.ticket_status) in ('CLOSED', 'CLOSED LOST') then
        new.closed_at := coalesce(new.closed_at, app.now());
    else
        new.closed_at := null;
    end if;
    return new;
end
$$;

comment on function desk.tickets_before_write() is
    'Makes ticket_id and the first status by type; forces masking for tickets about a lead (spec: command_center §2.4, case 58).';
revoke all on function desk.tickets_before_write() from public;

create or replace trigger tickets_10_rules
before insert or update on desk.tickets
for each row execute function desk.tickets_before_write();

create or replace trigger tickets_20_stamp
before update on desk.tickets
for each row execute function app.stamp_authored_row();

create or replace function desk.tickets_after_insert() returns trigger
language plpgsql
security definer -- SLA events are written by triggers alone
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into desk.sla_events (org_id, ticket_id, event_type, event_at, metadata)
    select n.org_id, n.ticket_id, 'OPENED', n.created_at, jsonb_build_object('by', n.created_by)
    from new_rows n;
    return null;
end
$$;

comment on function desk.tickets_after_insert() is 'Writes the SLA event OPENED (spec: command_center §3.6).';
revoke all on function desk.tickets_after_insert() from public;

create or replace trigger tickets_50_sla_insert
after insert on desk.tickets
referencing new table as new_rows
for each statement execute function desk.tickets_after_insert();

create or replace trigger tickets_90_audit_insert
after insert on desk.tickets
referencing new table as new_rows
for each statement execute function app.audit_row_change('ticket_id');

create or replace trigger tickets_91_audit_update
after update on desk.tickets
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('ticket_id');

create or replace trigger tickets_92_audit_delete
after delete on desk.tickets
referencing old table as old_rows
for each statement execute function app.audit_row_change('ticket_id');
