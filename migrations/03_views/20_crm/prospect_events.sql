-- What happened to prospects by itself.

create view api.prospect_events with (security_invoker = true) as
select e.org_id, e.event_id, e.prospect_id, e.event_type, e.ref_id, e.created_by, e.created_at
from crm.prospect_events e
where e.org_id = (select app.org_id());

comment on view api.prospect_events is 'Events of prospects that the reader may see (spec: command_center §2.3).';
revoke all on api.prospect_events from public;
grant select on api.prospect_events to authenticated, analyst;
