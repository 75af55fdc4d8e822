-- Triggers of desk.tickets: id, first status, masking, SLA events, audit.

create or replace function desk.tickets_before_write() returns trigger
language plpgsql
security definer -- draws a number
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type desk.ticket_types;
    v_status text;
begin
    select t.* into v_type from desk.ticket_types t where t.ticket_type = new.ticket_type;
    if not found then
        -- For the constraint to refuse.
        new.ticket_id := coalesce(new.ticket_id, 'none');
        return new;
    end if;
    if tg_op = 'INSERT' then
        if new.ticket_id is null then
            new.ticket_id := app.next_prefixed_id(
                new.org_id,
                v_type.id_prefix || case when v_type.id_names_department then new.dept_target else '' end,
                app.today()
            );
        end if;
        select s.status into v_status from desk.ticket_statuses s where s.machine = v_type.machine and s.is_initial;
        new.inquiry_status := case when v_type.machine = 'inquiry' then v_status end;
        new.ticket_status := case when v_type.machine = 'general' then v_status end;
        new.closed_at := null;
    else
        if new.ticket_type <> old.ticket_type then
            perform app.fail('PT422', 'ticket.type.immutable', 'A ticket keeps its type.');
        end if;
        v_status := case v_type.machine when 'inquiry' then new.inquiry_status else new.ticket_status end;
        -- What is no status at all is for the constraints to refuse.
        if v_status <> coalesce(old.inquiry_status, old.ticket_status)
            and exists (select from desk.ticket_statuses s where s.machine = v_type.machine and s.status = v_status)
            and not exists (
                select
                from desk.ticket_transitions a
                where a.machine = v_type.machine
                  and a.from_status = coalesce(old.inquiry_status, old.ticket_status)
                  and a.to_status = v_status
            )
        then
            perform app.fail(
                'PT409', 'ticket.transition.refused', 'A ticket does not move like that.',
                format('from %s to %s', coalesce(old.inquiry_status, old.ticket_status), v_status)
            );
        end if;
        new.closed_at := case
            when v_status in ('CLOSED', 'CLOSED LOST') then coalesce(old.closed_at, app.now())
        end;
    end if;
    if new.related_lead_id is not null then
        new.need_customer_masking := true;
    end if;
    return new;
end
$$;

comment on function desk.tickets_before_write() is
    'Makes ticket_id and the first status by type; lets it move along desk.ticket_transitions only, whoever writes; stamps closed_at; forces masking for tickets about a lead. Raises PT409 ticket.transition.refused, PT422 ticket.type.immutable (spec: command_center §2.4, §2.5, cases 58, 75; pitfall P25).';
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

create or replace function desk.tickets_after_update() returns trigger
language plpgsql
security definer -- SLA events are written by triggers alone
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into desk.sla_events (org_id, ticket_id, event_type, event_at, metadata)
    select
        m.org_id, m.ticket_id, e.event_type, app.now(),
        case e.event_type
            when 'STATUS_CHANGE' then jsonb_build_object('from', m.from_status, 'to', m.to_status, 'by', app.uid())
            else jsonb_build_object(
                'status', m.to_status,
                'minutes', round(extract(epoch from m.closed_at - m.created_at) / 60, 2)
            )
        end
    from (
        -- Grouped, not joined: a join of two lists that Postgres knows nothing of compares every row with every other.
        select
            r.org_id, r.ticket_id,
            max(r.created_at) as created_at,
            max(r.closed_at) filter (where r.is_new) as closed_at,
            max(r.status) filter (where not r.is_new) as from_status,
            max(r.status) filter (where r.is_new) as to_status
        from (
            select n.org_id, n.ticket_id, n.created_at, n.closed_at, coalesce(n.inquiry_status, n.ticket_status) as status, true as is_new
            from new_rows n
            union all
            select o.org_id, o.ticket_id, o.created_at, o.closed_at, coalesce(o.inquiry_status, o.ticket_status), false
            from old_rows o
        ) r
        group by r.org_id, r.ticket_id
    ) m
    cross join (values (1, 'STATUS_CHANGE'), (2, 'RESOLVED')) as e (position, event_type)
    where m.from_status <> m.to_status
      and (e.event_type = 'STATUS_CHANGE' or m.closed_at is not null)
    order by m.ticket_id, e.position;
    return null;
end
$$;

comment on function desk.tickets_after_update() is
    'Writes the SLA events STATUS_CHANGE {from, to, by} and, when that closed the ticket, RESOLVED {status, minutes} (spec: command_center §3.6, case 78).';
revoke all on function desk.tickets_after_update() from public;

create or replace trigger tickets_51_sla_update
after update on desk.tickets
referencing old table as old_rows new table as new_rows
for each statement execute function desk.tickets_after_update();

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
