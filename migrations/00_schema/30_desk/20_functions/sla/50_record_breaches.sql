-- Puts on record which tickets are late.

create or replace function desk.record_breaches(
    p_org_id uuid,
    p_ticket_ids text[],
    p_limit integer,
    p_at timestamptz default app.now()
) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_late record;
begin
    with late as (
        select f.*
        from app.organizations o
        cross join lateral (
            (
                select c.org_id, c.ticket_id, 'first_response' as target, c.first_response_due_at as due_at
                from desk.ticket_clocks c
                where c.org_id = o.org_id
                  and c.first_response_at is null
                  and c.first_response_breached_at is null
                  and c.first_response_due_at < p_at
                  and (p_ticket_ids is null or c.ticket_id = any (p_ticket_ids))
                order by c.first_response_due_at
                limit p_limit
            )
            union all
            (
                select c.org_id, c.ticket_id, 'resolution', c.resolution_due_at
                from desk.ticket_clocks c
                where c.org_id = o.org_id
                  and c.resolved_at is null
                  and c.resolution_breached_at is null
                  and c.resolution_due_at < p_at
                  and (p_ticket_ids is null or c.ticket_id = any (p_ticket_ids))
                order by c.resolution_due_at
                limit p_limit
            )
        ) f
        where o.org_id = coalesce(p_org_id, o.org_id)
        order by f.due_at
        limit p_limit
    ),
    marked as (
        update desk.ticket_clocks c
        set first_response_breached_at = coalesce(c.first_response_breached_at, l.first_response),
            resolution_breached_at = coalesce(c.resolution_breached_at, l.resolution)
        from (
            select
                l.org_id, l.ticket_id,
                max(l.due_at) filter (where l.target = 'first_response') as first_response,
                max(l.due_at) filter (where l.target = 'resolution') as resolution
            from late l
            group by l.org_id, l.ticket_id
        ) l
        where c.org_id = l.org_id and c.ticket_id = l.ticket_id
    ),
    recorded as (
        -- It was late when it was due, not when somebody looked.
        insert into desk.sla_events (org_id, ticket_id, event_type, event_at, metadata)
        select l.org_id, l.ticket_id, 'BREACH', l.due_at, jsonb_build_object('target', l.target)
        from late l
        on conflict do nothing
        returning org_id, ticket_id, metadata ->> 'target' as target
    ),
    told as (
        insert into app.notifications (org_id, user_id, topic, title, entity_table, entity_id)
        select
            r.org_id, p.user_id, 'tickets.breached',
            format('Ticket %s is late: %s', r.ticket_id, replace(r.target, '_', ' ')), 'desk.tickets', r.ticket_id
        from recorded r
        join desk.tickets t on t.org_id = r.org_id and t.ticket_id = r.ticket_id
        join app.profiles p on p.org_id = r.org_id and p.is_active and (
            p.user_id = t.assigned_to or (t.assigned_to is null and p.dept_code = t.dept_target)
        )
    ),
    emitted as (
        select app.emit_for(r.org_id, 'tickets.breached', array_agg(distinct r.ticket_id), array['tickets'])
        from recorded r
        group by r.org_id
    )
    select (select count(*) from late) as count, (select count(*) from emitted) as organizations into v_late;
    return v_late.count;
end
$$;

comment on function desk.record_breaches(uuid, text[], integer, timestamptz) is
    'SLA events BREACH {target: first_response or resolution} at the moment it was due, once for each target, for clocks that run and were past it at p_at; with a notification to the assignee, or the department. p_org_id null: all organisations; p_ticket_ids null: all tickets. Returns how many targets it looked at, at most p_limit (decisions §4).';
revoke all on function desk.record_breaches(uuid, text[], integer, timestamptz) from public;
