-- Webhooks, without their secrets.

create view api.webhooks with (security_invoker = true) as
select w.org_id, w.webhook_id, w.url, w.topics, w.description, w.is_active, w.created_by, w.created_at, w.updated_at
from app.webhooks w
where w.org_id = (select app.org_id()) and w.deleted_at is null;

comment on view api.webhooks is 'Subscriptions of other systems to events (design §8).';
revoke all on api.webhooks from public;
grant select on api.webhooks to authenticated, analyst;
