-- For whom somebody may enter what was reached, told of anybody: files are processed by others than their uploader.

create or replace function kpi.people_enterable_by(p_org_id uuid, p_user_id uuid)
returns table (user_id uuid, user_code text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select p.user_id, p.user_code
    from app.profiles p
    join app.roles r on r.role_key = p.role_key
    where p.org_id = p_org_id
      and p.is_active
      and exists (
          select
          from app.profiles u
          join app.role_permissions g on g.role_key = u.role_key and g.resource = 'kpi_entries' and g.action = 'insert'
          where u.org_id = p_org_id
            and u.user_id = p_user_id
            and (
                g.scope = 'all'
                or (g.scope = 'own' and p.user_id = u.user_id)
                or (g.scope = 'team' and u.user_id in (p.user_id, p.manager_user_id))
                or (g.scope = 'marketing' and r.role_group = 'marketing')
            )
      )
$$;

comment on function kpi.people_enterable_by(uuid, uuid) is
    'What app.may_insert_kpi_entries says of the caller, of p_user_id (spec: command_center §1.7).';
revoke all on function kpi.people_enterable_by(uuid, uuid) from public;
