-- The ids of a page of customers, newest first, within the scopes of the caller.

create or replace function crm.find_customers(p_filters jsonb, p_limit integer, p_after jsonb) returns text[]
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
-- Plans with the values at hand: a scope or filter that is not there folds away, one that is uses its index.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_me uuid[] := array[app.uid()];
    v_team_ids uuid[] := app.team_ids();
    v_all boolean := app.can('customers', 'select', 'all');
    v_team boolean := app.can('customers', 'select', 'team');
    v_own boolean := app.can('customers', 'select', 'own');
    v_created boolean := app.can('customers', 'select', 'created');
    v_pipeline boolean := app.can('customers', 'select', 'pipeline');
    v_status text := p_filters ->> 'status';
    v_type text := p_filters ->> 'customer_type';
    v_owner uuid[] := case when p_filters ? 'owner_user_id' then array[(p_filters ->> 'owner_user_id')::uuid] end;
    v_parent_id text := p_filters ->> 'parent_customer_id';
    v_after_at timestamptz := (p_after ->> 'created_at')::timestamptz;
    v_after_id text := p_after ->> 'customer_id';
begin
    return array(
        select c.customer_id
        from crm.customers c
        where c.org_id = v_org_id
          and c.deleted_at is null
          -- The scopes of policy customers_select, which decides again when the rows are read.
          and (
              v_all
              or (v_team and c.owner_ids && v_team_ids)
              or (v_own and c.owner_ids && v_me)
              or (v_created and c.creator_ids && v_me)
              or (v_pipeline and c.owner_ids <> '{}')
          )
          and (v_after_at is null or (c.created_at, c.customer_id) < (v_after_at, v_after_id))
          and (v_status is null or c.status = v_status)
          and (v_type is null or c.customer_type = v_type)
          and (v_owner is null or c.owner_ids && v_owner)
          and (v_parent_id is null or c.parent_customer_id = v_parent_id)
        order by c.created_at desc, c.customer_id desc
        limit p_limit
    );
end
$$;

comment on function crm.find_customers(jsonb, integer, jsonb) is
    'customer_ids in the order of api.crm_list_customers, which documents the parameters; read them through api.customers, so that the policies have the last word (design §4, §6).';
revoke all on function crm.find_customers(jsonb, integer, jsonb) from public;
grant execute on function crm.find_customers(jsonb, integer, jsonb) to authenticated;
