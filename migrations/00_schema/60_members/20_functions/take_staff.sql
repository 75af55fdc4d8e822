-- Finds the person to whom records are handed out, within the caller's reach.

create or replace function members.take_staff(p_action text, p_staff_id uuid) returns app.profiles
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_staff app.profiles;
begin
    select p.*
    into v_staff
    from app.profiles p
    where p.org_id = app.org_id()
      and p.user_id = p_staff_id
      and p.is_active
      -- Whoever may work on records can be given some.
      and exists (
          select
          from app.role_permissions w
          where w.role_key = p.role_key and w.resource = 'records' and w.action = 'validate'
      )
      and (
          app.can('records', p_action, 'all')
          or (app.can('records', p_action, 'team') and p.user_id = any (app.team_ids()))
      );
    if not found then
        perform app.fail('PT404', 'staff.not_found', 'There is no such staff.', p_staff_id::text);
    end if;
    return v_staff;
end
$$;

comment on function members.take_staff(text, uuid) is
    'p_action: what is asked of resource records, such as assign. An active person whose role works on records, of the caller''s organisation or team. Raises PT404 staff.not_found (spec: member §5.10; decisions §1.2).';
revoke all on function members.take_staff(text, uuid) from public;
