-- Puts messages before people, many at once and for nobody in particular.

create or replace function members.tell(p_org_id uuid, p_messages jsonb) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into app.notifications (org_id, user_id, topic, title, entity_table, entity_id, data)
    select p.org_id, p.user_id, m.topic, m.title, m.entity_table, m.entity_id, coalesce(m.data, '{}')
    from jsonb_to_recordset(p_messages) as m (user_id uuid, topic text, title text, entity_table text, entity_id text, data jsonb)
    join app.profiles p on p.org_id = p_org_id and p.user_id = m.user_id and p.is_active
$$;

comment on function members.tell(uuid, jsonb) is
    'p_messages: [{user_id, topic, title, entity_table, entity_id, data}]; who is not active is told nothing. As app.notify, for jobs as well (spec: member §5.22).';
revoke all on function members.tell(uuid, jsonb) from public;
