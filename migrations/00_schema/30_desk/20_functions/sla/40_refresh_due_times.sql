-- Computes when tickets are due.

create or replace function desk.refresh_due_times(p_org_id uuid, p_ticket_ids text[]) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    -- A calendar that is being changed: wait for it, or be computed again after it.
    select pg_advisory_xact_lock_shared(hashtextextended('desk.calendars|' || p_org_id, 0));

    with wanted as (
        select c.ticket_id, c.calendar_id, w.target, t.created_at, w.seconds
        from desk.ticket_clocks c
        join desk.tickets t on t.org_id = c.org_id and t.ticket_id = c.ticket_id
        cross join lateral (
            values
                ('first_response', case when c.first_response_at is null then c.first_response_seconds + c.paused_seconds end),
                ('resolution', c.resolution_seconds + c.paused_seconds)
        ) as w (target, seconds)
        where c.org_id = p_org_id and c.ticket_id = any (p_ticket_ids) and c.resolved_at is null
    ),
    groups as (
        select
            w.calendar_id,
            array_agg(w.ticket_id order by w.ticket_id, w.target) as ticket_ids,
            array_agg(w.target order by w.ticket_id, w.target) as targets,
            array_agg(w.created_at order by w.ticket_id, w.target) as begins,
            array_agg(w.seconds order by w.ticket_id, w.target) as seconds
        from wanted w
        group by w.calendar_id
    ),
    due as (
        select
            g.ticket_ids[d.n] as ticket_id,
            max(d.due_at) filter (where g.targets[d.n] = 'first_response') as first_response,
            max(d.due_at) filter (where g.targets[d.n] = 'resolution') as resolution
        from groups g
        left join desk.calendars k on k.org_id = p_org_id and k.calendar_id = g.calendar_id
        cross join lateral desk.business_deadlines(k.hours, g.begins, g.seconds) d
        group by 1
    )
    update desk.ticket_clocks c
    set first_response_due_at = case
            when c.first_response_at is not null then c.first_response_due_at
            when c.paused_at is null then d.first_response
        end,
        resolution_due_at = case when c.paused_at is null then d.resolution end,
        computed_at = clock_timestamp()
    from due d
    where c.org_id = p_org_id and c.ticket_id = d.ticket_id
$$;

comment on function desk.refresh_due_times(uuid, text[]) is
    'Due times of these tickets'' clocks that run: so many business seconds after opening as the target says, and as we have waited for the customer; none while we wait.';
revoke all on function desk.refresh_due_times(uuid, text[]) from public;
