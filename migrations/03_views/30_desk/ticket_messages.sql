-- Messages of tickets.

create view api.ticket_messages with (security_invoker = true) as
select m.org_id, m.message_id, m.ticket_id, m.message, m.created_by, m.created_at
from desk.ticket_messages m
where m.org_id = (select app.org_id());

comment on view api.ticket_messages is 'Messages of tickets whose row the reader sees (spec: command_center §1.7).';
revoke all on api.ticket_messages from public;
grant select on api.ticket_messages to authenticated, analyst;
