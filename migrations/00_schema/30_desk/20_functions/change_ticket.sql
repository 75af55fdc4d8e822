-- Moves, assigns and edits a ticket that is locked: every rule but who may.

create or replace function desk.change_ticket(p_ticket desk.tickets, p_values jsonb) returns desk.tickets
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before text := coalesce(p_ticket.inquiry_status, p_ticket.ticket_status);
    v_status text := coalesce(p_values ->> 'status', coalesce(p_ticket.inquiry_status, p_ticket.ticket_status));
    v_reason text := p_values ->> 'close_reason';
    v_machine text := (select t.machine from desk.ticket_types t where t.ticket_type = p_ticket.ticket_type);
    v_problems jsonb := jsonb_build_array();
    v_after desk.tickets;
begin
    if p_values ->> 'expected_status' <> v_before then
        perform app.fail('PT409', 'ticket.status.changed', 'Somebody has moved this ticket meanwhile.', v_before);
    end if;
    if not exists (select from desk.ticket_statuses s where s.machine = v_machine and s.status = v_status) then
        v_problems := v_problems || '{"field": "status", "code": "ticket.status.unknown", "message": "is no status of tickets of this type"}';
    end if;
    if v_status = 'CLOSED LOST' and v_before <> v_status and not exists (
        select
        from desk.close_reasons r
        where (v_reason = r.reason and not r.needs_words)
           or (r.needs_words and v_reason ~ ('^' || r.reason || ':\s*\S'))
    ) then
        v_problems := v_problems || jsonb_build_object(
            'field', 'close_reason', 'code', 'ticket.close_reason.' || case when v_reason is null then 'required' else 'unknown' end,
            'message', 'must be one of: ' || (
                select string_agg(r.reason || case when r.needs_words then ': <why>' else '' end, ', ' order by r.position)
                from desk.close_reasons r
            )
        );
    end if;
    if v_status is not distinct from v_before or v_status <> 'CLOSED LOST' then
        v_problems := v_problems || coalesce(
            (
                select jsonb_agg(jsonb_build_object(
                    'field', f.name, 'code', format('ticket.%s.not_lost', f.name), 'message', 'belongs to an inquiry that is lost'
                ))
                from unnest(array['close_reason', 'competitor_rate', 'customer_budget']) as f (name)
                where p_values ->> f.name is not null
            ),
            '[]'
        );
    end if;
    if p_values ->> 'assigned_to' is not null
        and desk.assignee_problem(p_ticket.dept_target, (p_values ->> 'assigned_to')::uuid) is not null
    then
        v_problems := v_problems || jsonb_build_object(
            'field', 'assigned_to', 'code', 'ticket.assigned_to.unfit',
            'message', desk.assignee_problem(p_ticket.dept_target, (p_values ->> 'assigned_to')::uuid)
        );
    end if;
    if p_values ? 'subject' and p_values ->> 'subject' is null then
        v_problems := v_problems || '{"field": "subject", "code": "ticket.subject.required", "message": "is required"}';
    end if;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;

    -- What is not named stays; the trigger knows which way a ticket may move.
    v_after := jsonb_populate_record(p_ticket, p_values - 'status' - 'expected_status');
    if v_machine = 'inquiry' then
        v_after.inquiry_status := v_status;
    else
        v_after.ticket_status := v_status;
    end if;
    if v_after is not distinct from p_ticket then
        return p_ticket;
    end if;
    update desk.tickets t
    set inquiry_status = v_after.inquiry_status,
        ticket_status = v_after.ticket_status,
        assigned_to = v_after.assigned_to,
        close_reason = v_after.close_reason,
        competitor_rate = v_after.competitor_rate,
        customer_budget = v_after.customer_budget,
        subject = v_after.subject,
        description = v_after.description,
        origin_address = v_after.origin_address,
        origin_city = v_after.origin_city,
        origin_country = v_after.origin_country,
        destination_address = v_after.destination_address,
        destination_city = v_after.destination_city,
        destination_country = v_after.destination_country,
        cargo_category = v_after.cargo_category,
        cargo_qty = v_after.cargo_qty,
        cargo_dimensions = v_after.cargo_dimensions,
        cargo_weight = v_after.cargo_weight,
        scope_of_work = v_after.scope_of_work
    where t.org_id = p_ticket.org_id and t.ticket_id = p_ticket.ticket_id
    returning t.* into v_after;

    if v_after.assigned_to is distinct from p_ticket.assigned_to and v_after.assigned_to is not null then
        perform desk.tell_of_ticket(v_after, 'tickets.assigned', 'Ticket %s was assigned to you');
    end if;
    perform app.emit('tickets.updated', array[v_after.ticket_id], array['tickets']);
    return v_after;
end
$$;

comment on function desk.change_ticket(desk.tickets, jsonb) is
    'p_ticket: the row, locked; p_values: as desk.read_ticket reads them, a field that is not there stays. Returns the row after it; the same status and values change nothing. Raises PT409 ticket.status.changed, ticket.transition.refused, PT422 request.invalid (spec: command_center §2.5, §3.9, case 77).';
revoke all on function desk.change_ticket(desk.tickets, jsonb) from public;
