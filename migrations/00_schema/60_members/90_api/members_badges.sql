-- How many of the caller's records came since it last looked, by module.

create or replace function api.members_badges() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('databases', 'select');
    return (
        select jsonb_object_agg(m.page, coalesce(n.count, 0))
        from (values ('normal', 'normal'), ('memberwd', 'member_wd'), ('bonanza', 'bonanza')) as m (page, module)
        left join members.page_views v on v.org_id = app.org_id() and v.user_id = app.uid() and v.module = m.module
        cross join lateral (
            select count(*) as count
            from members.records r
            where r.org_id = app.org_id() and r.assigned_to = app.uid() and r.module = m.module and r.status = 'assigned'
              and (v.viewed_at is null or r.assigned_at > v.viewed_at)
              and exists (
                  select from members.databases d where d.org_id = r.org_id and d.database_id = r.database_id and d.deleted_at is null
              )
        ) n
    );
end
$$;

comment on function api.members_badges() is
    'Returns {normal, memberwd, bonanza}: records with the caller, assigned since members_mark_viewed; zeros for whoever works on no records. Raises PT401, PT403 (spec: member §5.22, case 155).';
revoke all on function api.members_badges() from public;
grant execute on function api.members_badges() to authenticated;
