-- How many of the leads within the caller's scopes stand where, and how many of them somebody owns.

create or replace function crm.count_leads() returns table (org_id uuid, status text, leads bigint, assigned bigint)
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
rows 8
-- Plans with the values at hand: a scope that is not there folds away, one that is uses its index.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_org_id uuid := app.org_id();
    v_user_id uuid := app.uid();
    v_team_ids uuid[] := app.team_ids();
    v_team boolean := app.can('leads', 'select', 'team');
    v_team_unowned boolean := app.can('leads', 'select', 'team_unowned');
    v_own boolean := app.can('leads', 'select', 'own');
    v_created boolean := app.can('leads', 'select', 'created');
    v_created_unowned boolean := app.can('leads', 'select', 'created_unowned');
    v_pipeline boolean := app.can('leads', 'select', 'pipeline');
begin
    -- Whoever sees all is told what is counted already.
    if app.can('leads', 'select', 'all') then
        return query
        select c.org_id, c.status, sum(c.leads)::bigint, sum(c.assigned)::bigint
        from crm.lead_counts c
        where c.org_id = v_org_id
        group by c.org_id, c.status
        having sum(c.leads) > 0;
        return;
    end if;

    return query
    select l.org_id, l.status, count(*), count(l.sales_owner_user_id)
    from crm.leads l
    where l.org_id = v_org_id
      -- The scopes of policy leads_select, as in crm.find_leads.
      and (
          (v_team and l.sales_owner_user_id = any (v_team_ids))
          or (v_team_unowned and l.sales_owner_user_id is null and l.created_by = any (v_team_ids))
          or (v_own and l.sales_owner_user_id = v_user_id)
          or (v_created and l.created_by = v_user_id)
          or (v_created_unowned and l.sales_owner_user_id is null and l.created_by = v_user_id)
          or (v_pipeline and (l.sales_owner_user_id is not null or l.sourced_by = 'Sales'))
      )
    group by l.org_id, l.status;
end
$$;

comment on function crm.count_leads() is
    'A row per status in which the caller sees a lead, equal to counting api.leads by test (spec: command_center §4 v_leads_pipeline_stats).';
revoke all on function crm.count_leads() from public;
grant execute on function crm.count_leads() to authenticated, analyst;
