-- Who decides about a person's leads: the manager, else everybody who may hand over any lead.

create or replace function crm.lead_managers_of(p_user_id uuid) returns uuid[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with chain as (
        select m.user_id
        from app.profiles p
        join app.profiles m on m.org_id = p.org_id and m.user_id = p.manager_user_id and m.is_active
        where p.org_id = app.org_id() and p.user_id = p_user_id
    )
    select array_agg(found.user_id)
    from (
        select chain.user_id from chain
        union all
        select p.user_id
        from app.profiles p
        where p.org_id = app.org_id()
          and p.is_active
          and p.user_id <> p_user_id
          and exists (
              select
              from app.role_permissions rp
              where rp.role_key = p.role_key and rp.resource = 'leads' and rp.action = 'assign' and rp.scope in ('all', 'team')
          )
          and not exists (select from chain)
    ) as found
$$;

comment on function crm.lead_managers_of(uuid) is
    'User ids: the active manager of the person, else everybody of the organisation whose role may assign leads beyond their own (decisions §5.1).';
revoke all on function crm.lead_managers_of(uuid) from public;
