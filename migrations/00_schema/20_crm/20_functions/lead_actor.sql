-- On whose behalf leads are written: what crm.write_leads must know about their creator.

create or replace function crm.lead_actor(p_user_id uuid, p_import_id bigint default null) returns jsonb
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
            'today', app.today(),
            'import_id', p_import_id
        )
        from app.identity_of(p_user_id) i
        join app.roles r on r.role_key = i.role_key
    );
end
$$;

comment on function crm.lead_actor(uuid, bigint) is
    '{user_id, team_ids, permissions, is_sales, today, import_id} of the person whose leads these are; null when not active. For imports that is the uploader, whoever processes (spec: command_center §3.7).';
revoke all on function crm.lead_actor(uuid, bigint) from public;
