-- The ids of a page of prospects, newest first, within the scopes of the caller.

create or replace function crm.find_prospects(p_filters jsonb, p_limit integer, p_after jsonb) returns text[]
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
-- Plans with the values at hand: a scope or filter that is not there folds away, one that is uses its index.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_user_id uuid := app.uid();
    v_team_ids uuid[] := app.team_ids();
    v_all boolean := app.can('prospects', 'select', 'all');
    v_team boolean := app.can('prospects', 'select', 'team');
    v_own boolean := app.can('prospects', 'select', 'own');
    v_stage text := p_filters ->> 'current_stage';
    v_owner uuid := (p_filters ->> 'owner_user_id')::uuid;
    v_customer_id text := p_filters ->> 'customer_id';
    v_after_at timestamptz := (p_after ->> 'created_at')::timestamptz;
    v_after_id text := p_after ->> 'prospect_id';
begin
    -- As in crm.find_leads: the filter must not tell what api.prospects hides.
    if v_customer_id is not null and not app.may_select_customers(v_org_id, v_customer_id) then
        return '{}'::text[];
    end if;

    return array(
        select p.prospect_id
        from crm.prospects p
        where p.org_id = v_org_id
          -- The scopes of policy prospects_select, which decides again when the rows are read.
          and (
              v_all
              or (v_team and p.owner_user_id = any (v_team_ids))
              or (v_own and p.owner_user_id = v_user_id)
          )
          and (v_after_at is null or (p.created_at, p.prospect_id) < (v_after_at, v_after_id))
          and (v_stage is null or p.current_stage = v_stage)
          and (v_owner is null or p.owner_user_id = v_owner)
          and (v_customer_id is null or p.customer_id = v_customer_id)
        order by p.created_at desc, p.prospect_id desc
        limit p_limit
    );
end
$$;

comment on function crm.find_prospects(jsonb, integer, jsonb) is
    'prospect_ids in the order of api.crm_list_prospects, which documents the parameters; read them through api.prospects, so that the policies have the last word (design §4, §6).';
revoke all on function crm.find_prospects(jsonb, integer, jsonb) from public;
grant execute on function crm.find_prospects(jsonb, integer, jsonb) to authenticated;
