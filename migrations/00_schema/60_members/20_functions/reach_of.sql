-- The staff whose records the caller manages: null for everybody's.

create or replace function members.reach_of(p_action text) returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return case when app.can('records', p_action, 'all') then null else app.team_ids() end;
end
$$;

comment on function members.reach_of(text) is
    'p_action: asked of resource records. Null = all staff, else user ids of the caller''s team. Callers have asked app.require (decisions §1.2).';
revoke all on function members.reach_of(text) from public;
