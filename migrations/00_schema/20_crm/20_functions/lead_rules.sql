-- What reading and writing leads must know about the organisation and the person, looked up once per call or chunk.

create or replace function crm.lead_rules(p_user_id uuid, p_owner_ids uuid[] default '{}') returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_build_object(
            'user_id', i.user_id,
            'team_ids', i.team_ids::text,
            'permissions', i.permission_list,
            'is_sales', r.role_group = 'sales',
            'today', d.today,
            'due_date', d.today + 7,
            'calling_code', crm.calling_code_of(i.org_id),
            'sourced_by', case r.role_group when 'sales' then 'Sales' else 'Marketing' end,
            'services', (select jsonb_object_agg(s.service_code, s.owner_dept) from crm.services s where s.org_id = i.org_id),
            'channels', (select jsonb_object_agg(c.primary_channel, c.id_prefix) from crm.lead_channels c),
            -- Whom of those asked about this person may name as the owner of a new lead.
            'may_own', coalesce(
                (
                    select jsonb_agg(o.user_id)
                    from app.profiles o
                    join app.roles owner_role on owner_role.role_key = o.role_key and owner_role.can_own_leads
                    where o.org_id = i.org_id
                      and o.user_id = any (p_owner_ids)
                      and o.is_active
                      and (
                          strpos(i.permission_list, ' leads:set_owner:all ') > 0
                          or (strpos(i.permission_list, ' leads:set_owner:team ') > 0 and o.user_id = any (i.team_ids))
                          or (strpos(i.permission_list, ' leads:set_owner:own ') > 0 and o.user_id = i.user_id)
                      )
                ),
                '[]'
            )
        )
        from app.identity_of(p_user_id) i
        join app.roles r on r.role_key = i.role_key
        cross join lateral (select app.today() as today offset 0) d
    );
end
$$;

comment on function crm.lead_rules(uuid, uuid[]) is
    'p_owner_ids: people that leads name as their owners. Returns {user_id, team_ids, permissions, is_sales, today, due_date, calling_code, sourced_by, services, channels, may_own} for leads that p_user_id creates, whoever asks; null when the person is not active (spec: command_center §3.3).';
revoke all on function crm.lead_rules(uuid, uuid[]) from public;
