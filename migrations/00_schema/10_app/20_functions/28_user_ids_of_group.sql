-- The people of the caller's organisation whose role belongs to a group: for scope marketing.

create or replace function app.user_ids_of_group(p_role_group text) returns uuid[]
language sql
stable
security definer -- the caller need not see these profiles to see what they created
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(p.user_id), '{}')
    from app.profiles p
    join app.roles r on r.role_key = p.role_key
    where p.org_id = (select app.org_id())
      and r.role_group = p_role_group
$$;

comment on function app.user_ids_of_group(text) is
    'User ids of the caller''s organisation whose role has this role_group (spec: command_center §1.7, marketing users).';
revoke all on function app.user_ids_of_group(text) from public;
grant execute on function app.user_ids_of_group(text) to authenticated, analyst;
