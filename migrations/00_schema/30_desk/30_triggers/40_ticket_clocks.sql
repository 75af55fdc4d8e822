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
declare
    v_org_ids uuid[];
    v_ticket_ids text[];
begin
    -- Grouped, not joined: see desk.tickets_after_update.
    select array_agg(r.org_id), array_agg(r.ticket_id)
    into v_org_ids, v_ticket_ids
    from (
        select u.org_id, u.ticket_id
        from (
            select n.org_id, n.ticket_id, coalesce(n.inquiry_status, n.ticket_status) as status from new_rows n
            union all
            select o.org_id, o.ticket_id, coalesce(o.inquiry_status, o.ticket_status) from old_rows o
        ) u
        group by u.org_id, u.ticket_id
        having min(u.status) <> max(u.status)
    ) r;
    if v_ticket_ids is null then
        return null;
    end if;

    -- Late by now is late, whatever comes of it.
    perform desk.record_breaches(m.org_id, array_agg(m.ticket_id), 2 * count(*)::integer)
    from unnest(v_org_ids, v_ticket_ids) as m (org_id, ticket_id)
    group by m.org_id;
    update desk.ticket_clocks c
    set paused_seconds = c.paused_seconds + m.waited_seconds,
        paused_at = case when m.waits_for_customer then app.now() end,
        resolved_at = m.closed_at
    from (
        select
            x.org_id, x.ticket_id, t.closed_at, s.waits_for_customer,
            case when x.paused_at is null then 0 else desk.business_seconds(k.hours, x.paused_at, app.now()) end as waited_seconds
        from unnest(v_org_ids, v_ticket_ids) as w (org_id, ticket_id)
        join desk.ticket_clocks x on x.org_id = w.org_id and x.ticket_id = w.ticket_id
        join desk.tickets t on t.org_id = x.org_id and t.ticket_id = x.ticket_id
        join desk.ticket_types y on y.ticket_type = t.ticket_type
        join desk.ticket_statuses s on s.machine = y.machine and s.status = coalesce(t.inquiry_status, t.ticket_status)
        left join desk.calendars k on k.org_id = x.org_id and k.calendar_id = x.calendar_id
    ) m
    where c.org_id = m.org_id and c.ticket_id = m.ticket_id;
    perform desk.refresh_due_times(m.org_id, array_agg(m.ticket_id))
    from unnest(v_org_ids, v_ticket_ids) as m (org_id, ticket_id)
    group by m.org_id;
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
