-- How much of a block of the dashboard is the caller's.

create or replace function app.dashboard_scope(p_block text) returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select s.scope
    from unnest('{all,finance,marketing,team,dept,own}'::text[]) with ordinality as s (scope, position)
    where app.can('dashboard.' || p_block, 'select', s.scope)
    order by s.position
    limit 1
$$;

comment on function app.dashboard_scope(text) is
    'p_block: a name of api.app_dashboard. The widest scope of the caller on `dashboard.<block>` in the permission matrix; null: the block is not theirs (spec: command_center §1.8).';
revoke all on function app.dashboard_scope(text) from public;
grant execute on function app.dashboard_scope(text) to authenticated;
