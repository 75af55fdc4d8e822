-- Computes due times again after a calendar has changed, a chunk at a time.

create or replace function desk.refresh_calendar(p_org_id uuid, p_calendar_id bigint) returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit constant integer := 2000;
    v_ticket_ids text[];
begin
    v_ticket_ids := array(
        select c.ticket_id
        from desk.ticket_clocks c
        join desk.calendars k on k.org_id = c.org_id and k.calendar_id = c.calendar_id
        where c.org_id = p_org_id and c.calendar_id = p_calendar_id and c.resolved_at is null and c.computed_at < k.updated_at
        order by c.computed_at
        limit v_limit
        for update of c skip locked
    );
    perform desk.refresh_due_times(p_org_id, v_ticket_ids);
    return cardinality(v_ticket_ids) = v_limit;
end
$$;

comment on function desk.refresh_calendar(uuid, bigint) is
    'Queued work desk.refresh_calendar: up to 2000 open tickets of the calendar that were computed before it changed. Returns whether more may be left; safe to repeat. A ticket that somebody is changing computes its own.';
revoke all on function desk.refresh_calendar(uuid, bigint) from public;
