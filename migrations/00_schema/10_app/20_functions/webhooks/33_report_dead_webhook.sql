-- Tells those who look after webhooks that events could not be delivered.

create or replace function app.report_dead_webhook(p_org_id uuid, p_webhook_id bigint) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into app.notifications (org_id, user_id, topic, title, entity_table, entity_id)
    select p.org_id, p.user_id, 'webhooks.dead', 'A webhook gave up on events', 'app.webhooks', p_webhook_id::text
    from app.profiles p
    where p.org_id = p_org_id
      and p.is_active
      and exists (
          select
          from app.role_permissions rp
          where rp.role_key = p.role_key and rp.resource = 'webhooks' and rp.action = 'update'
      )
      -- Once, until it was dealt with.
      and not exists (
          select
          from app.notifications n
          where n.org_id = p_org_id
            and n.topic = 'webhooks.dead'
            and n.entity_id = p_webhook_id::text
            and n.user_id = p.user_id
            and n.resolved_at is null
      )
$$;

comment on function app.report_dead_webhook(uuid, bigint) is
    'One notification webhooks.dead to everybody who may change webhooks, while none is open. Rule: decisions §1.9.';
revoke all on function app.report_dead_webhook(uuid, bigint) from public;
