-- Targets of tickets, by type.

create view api.sla_targets with (security_invoker = true) as
select s.org_id, s.ticket_type, s.calendar_id, s.first_response_minutes, s.resolution_minutes, s.created_at, s.updated_at
from desk.sla_targets s
where s.org_id = (select app.org_id());

comment on view api.sla_targets is 'Business minutes until the first response and until it is closed (decisions §4).';
revoke all on api.sla_targets from public;
grant select on api.sla_targets to authenticated, analyst;
