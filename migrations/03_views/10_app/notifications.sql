-- One's own notifications.

create view api.notifications with (security_invoker = true) as
select n.org_id, n.notification_id, n.user_id, n.topic, n.title, n.entity_table, n.entity_id, n.data, n.created_at, n.read_at,
    n.resolved_at
from app.notifications n
where n.org_id = (select app.org_id());

comment on view api.notifications is 'The reader''s notifications (decisions §5.9).';
revoke all on api.notifications from public;
grant select on api.notifications to authenticated, analyst;
