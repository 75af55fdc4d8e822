-- Puts a message before people.

create or replace function app.notify(
    p_user_ids uuid[],
    p_topic text,
    p_title text,
    p_entity_table text default null,
    p_entity_id text default null,
    p_data jsonb default '{}'
) returns void
language sql
security definer -- people are told about things by others who cannot write their notifications
set search_path = pg_catalog, pg_temp
as $$
    insert into app.notifications (org_id, user_id, topic, title, entity_table, entity_id, data)
    select p.org_id, p.user_id, p_topic, p_title, p_entity_table, p_entity_id, p_data
    from app.profiles p
    where p.org_id = app.org_id()
      and p.user_id = any (p_user_ids)
      and p.is_active
$$;

comment on function app.notify(uuid[], text, text, text, text, jsonb) is
    'One notification to each active person of the caller''s organisation in p_user_ids. Neither p_title nor p_data may quote what a reader may be denied.';
revoke all on function app.notify(uuid[], text, text, text, text, jsonb) from public;
grant execute on function app.notify(uuid[], text, text, text, text, jsonb) to authenticated;
