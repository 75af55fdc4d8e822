-- Clocks follow their tickets: they start, stand while we wait for the customer, and stop.

create or replace function desk.tickets_start_clocks() returns trigger
language plpgsql
security definer -- clocks are kept by triggers alone
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into desk.ticket_clocks (org_id, ticket_id, calendar_id, first_response_seconds, resolution_seconds, computed_at)
    select n.org_id, n.ticket_id, s.calendar_id, s.first_response_minutes * 60, s.resolution_minutes * 60, clock_timestamp()
    from new_rows n
    join desk.sla_targets s on s.org_id = n.org_id and s.ticket_type = n.ticket_type
    where s.first_response_minutes is not null or s.resolution_minutes is not null;
    if found then
        perform desk.refresh_due_times(n.org_id, array_agg(n.ticket_id)) from new_rows n group by n.org_id;
    end if;
    return null;
end
$$;

comment on function desk.tickets_start_clocks() is 'A clock for each new ticket whose type has a target (decisions §4).';
revoke all on function desk.tickets_start_clocks() from public;

create or replace trigger tickets_60_clocks_insert
after insert on desk.tickets
referencing new table as new_rows
for each statement execute function desk.tickets_start_clocks();

create or replace function desk.tickets_move_clocks() returns trigger
language plpgsql
security definer -- clocks are kept by triggers alone
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select
        from new_rows n
        join old_rows o on o.org_id = n.org_id and o.ticket_id = n.ticket_id
        where coalesce(n.inquiry_status, n.ticket_status) <> coalesce(o.inquiry_status, o.ticket_status)
    ) then
        return null;
    end if;
    -- Late by now is late, whatever comes of it.
    perform desk.record_breaches(n.org_id, array_agg(n.ticket_id), 2 * count(*)::integer) from new_rows n group by n.org_id;
    update desk.ticket_clocks c
    set paused_seconds = c.paused_seconds + case
            when c.paused_at is null then 0 else desk.business_seconds(k.hours, c.paused_at, app.now())
        end,
        paused_at = case when s.waits_for_customer then app.now() end,
        resolved_at = n.closed_at
    from new_rows n
    join old_rows o on o.org_id = n.org_id and o.ticket_id = n.ticket_id
    join desk.ticket_types y on y.ticket_type = n.ticket_type
    join desk.ticket_statuses s on s.machine = y.machine and s.status = coalesce(n.inquiry_status, n.ticket_status)
    join desk.ticket_clocks x on x.org_id = n.org_id and x.ticket_id = n.ticket_id
    left join desk.calendars k on k.org_id = x.org_id and k.calendar_id = x.calendar_id
    where coalesce(n.inquiry_status, n.ticket_status) <> coalesce(o.inquiry_status, o.ticket_status)
      and c.org_id = n.org_id
      and c.ticket_id = n.ticket_id;
    perform desk.refresh_due_times(n.org_id, array_agg(n.ticket_id)) from new_rows n group by n.org_id;
    return null;
end
$$;

comment on function desk.tickets_move_clocks() is
    'When the status changes: what is late is recorded; the clock stands while we wait for the customer, goes on when we no longer do, and stops with the ticket.';
revoke all on function desk.tickets_move_clocks() from public;

create or replace trigger tickets_61_clocks_update
after update on desk.tickets
referencing old table as old_rows new table as new_rows
for each statement execute function desk.tickets_move_clocks();

create or replace function desk.sla_events_stop_clocks() returns trigger
language plpgsql
security definer -- clocks are kept by triggers alone
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from new_rows n where n.event_type = 'FIRST_RESPONSE') then
        perform desk.record_breaches(n.org_id, array_agg(n.ticket_id), 2 * count(*)::integer, n.event_at)
        from new_rows n
        where n.event_type = 'FIRST_RESPONSE'
        group by n.org_id, n.event_at;
        update desk.ticket_clocks c
        set first_response_at = n.event_at
        from new_rows n
        where n.event_type = 'FIRST_RESPONSE' and c.org_id = n.org_id and c.ticket_id = n.ticket_id;
    end if;
    return null;
end
$$;

comment on function desk.sla_events_stop_clocks() is 'The first response stops the first of a ticket''s two clocks.';
revoke all on function desk.sla_events_stop_clocks() from public;

create or replace trigger sla_events_50_clocks
after insert on desk.sla_events
referencing new table as new_rows
for each statement execute function desk.sla_events_stop_clocks();
