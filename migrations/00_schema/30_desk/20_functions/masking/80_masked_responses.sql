-- When masked tickets of the caller's department were first answered.

create or replace function desk.masked_responses() returns table (
    ticket_id text,
    ticket_type text,
    dept_target text,
    assigned_to uuid,
    created_at timestamptz,
    first_response_at timestamptz
)
language sql
stable
security definer -- shows less than the rows, to people who must not see them (decisions D3)
set search_path = pg_catalog, pg_temp
as $$
    select t.ticket_id, t.ticket_type, t.dept_target, t.assigned_to, t.created_at, e.event_at
    from desk.tickets t
    left join desk.sla_events e on e.org_id = t.org_id and e.ticket_id = t.ticket_id and e.event_type = 'FIRST_RESPONSE'
    where app.can('v_ops_rfqs_masked', 'select', 'dept')
      and t.org_id = app.org_id()
      and t.dept_target = app.dept_code()
      and t.need_customer_masking
$$;

comment on function desk.masked_responses() is
    'Times and departments of masked tickets, for roles that see tickets masked; no author, no word (spec: command_center §4 v_ticket_first_response).';
revoke all on function desk.masked_responses() from public;
grant execute on function desk.masked_responses() to authenticated, analyst;
