-- What happened to tickets and when.

create view api.sla_events with (security_invoker = true) as
select e.org_id, e.event_id, e.ticket_id, e.event_type, e.event_at, e.metadata
from desk.sla_events e
where e.org_id = (select app.org_id());

comment on view api.sla_events is 'SLA events of tickets that the reader may see (spec: command_center §3.6).';
revoke all on api.sla_events from public;
grant select on api.sla_events to authenticated, analyst;
