-- How long tickets waited for their first answer.

create view api.v_ticket_first_response with (security_invoker = true) as
select
    t.org_id, t.ticket_id, t.ticket_type, t.dept_target, t.created_by, t.assigned_to, t.created_at as ticket_created_at,
    e.event_at as first_response_at, round(extract(epoch from e.event_at - t.created_at) / 60, 2) as first_response_minutes
from desk.tickets t
left join desk.sla_events e on e.org_id = t.org_id and e.ticket_id = t.ticket_id and e.event_type = 'FIRST_RESPONSE'
where t.org_id = (select app.org_id())
union all
select
    (select app.org_id()), m.ticket_id, m.ticket_type, m.dept_target, null, m.assigned_to, m.created_at, m.first_response_at,
    round(extract(epoch from m.first_response_at - m.created_at) / 60, 2)
from desk.masked_responses() m;

comment on view api.v_ticket_first_response is
    'Tickets that the reader sees, for operations also the masked ones of their department; null while nobody but the author has written (spec: command_center §4, cases 69–71).';
revoke all on api.v_ticket_first_response from public;
grant select on api.v_ticket_first_response to authenticated, analyst;
