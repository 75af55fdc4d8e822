-- What became of events that webhooks were to hear of.

create view api.webhook_deliveries with (security_invoker = true) as
select
    d.org_id, d.delivery_id, d.webhook_id, d.event_id, d.topic, d.key, d.tags, d.payload, d.occurred_at, d.state, d.attempts,
    d.next_attempt_at, d.last_attempt_at, d.last_status, d.last_error, d.settled_at
from app.webhook_deliveries d
where d.org_id = (select app.org_id());

comment on view api.webhook_deliveries is 'One row for each event and webhook; state queued, ready, sent or dead (design §8).';
revoke all on api.webhook_deliveries from public;
grant select on api.webhook_deliveries to authenticated, analyst;
