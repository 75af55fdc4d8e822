-- The ids of a page of leads, newest first, within the scopes of the caller.

create or replace function crm.find_leads(p_filters jsonb, p_limit integer, p_after jsonb) returns text[]
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
    v_all boolean := app.can('leads', 'select', 'all');
    v_team boolean := app.can('leads', 'select', 'team');
    v_team_unowned boolean := app.can('leads', 'select', 'team_unowned');
    v_own boolean := app.can('leads', 'select', 'own');
    v_created boolean := app.can('leads', 'select', 'created');
    v_created_unowned boolean := app.can('leads', 'select', 'created_unowned');
    v_pipeline boolean := app.can('leads', 'select', 'pipeline');
    v_status text := p_filters ->> 'status';
    v_primary_channel text := p_filters ->> 'primary_channel';
    v_service_code text := p_filters ->> 'service_code';
    v_sales_owner uuid := (p_filters ->> 'sales_owner_user_id')::uuid;
    v_created_by uuid := (p_filters ->> 'created_by')::uuid;
    v_customer_id text := p_filters ->> 'customer_id';
    v_date_from date := (p_filters ->> 'lead_date_from')::date;
    v_date_to date := (p_filters ->> 'lead_date_to')::date;
    v_after_at timestamptz := (p_after ->> 'created_at')::timestamptz;
    v_after_id text := p_after ->> 'lead_id';
begin
    -- A customer that the caller cannot read is nobody's here, or the filter would tell what api.leads hides.
    if v_customer_id is not null and not app.may_select_customers(v_org_id, v_customer_id) then
        return '{}'::text[];
    end if;

    return array(
        select l.lead_id
        from crm.leads l
        where l.org_id = v_org_id
          -- The scopes of policy leads_select, which decides again when the rows are read.
          and (
              v_all
              or (v_team and l.sales_owner_user_id = any (v_team_ids))
              or (v_team_unowned and l.sales_owner_user_id is null and l.created_by = any (v_team_ids))
              or (v_own and l.sales_owner_user_id = v_user_id)
              or (v_created and l.created_by = v_user_id)
              or (v_created_unowned and l.sales_owner_user_id is null and l.created_by = v_user_id)
              or (v_pipeline and (l.sales_owner_user_id is not null or l.sourced_by = 'Sales'))
          )
          and (v_after_at is null or (l.created_at, l.lead_id) < (v_after_at, v_after_id))
          and (v_status is null or l.status = v_status)
          and (v_primary_channel is null or l.primary_channel = v_primary_channel)
          and (v_service_code is null or l.service_code = v_service_code)
          and (v_sales_owner is null or l.sales_owner_user_id = v_sales_owner)
          and (v_created_by is null or l.created_by = v_created_by)
          and (v_customer_id is null or l.customer_id = v_customer_id)
          and (v_date_from is null or l.lead_date >= v_date_from)
          and (v_date_to is null or l.lead_date <= v_date_to)
        order by l.created_at desc, l.lead_id desc
        limit p_limit
    );
end
$$;

comment on function crm.find_leads(jsonb, integer, jsonb) is
    'lead_ids in the order of api.crm_list_leads, which documents the parameters; read them through api.leads, so that the policies have the last word (design §4, §6).';
revoke all on function crm.find_leads(jsonb, integer, jsonb) from public;
grant execute on function crm.find_leads(jsonb, integer, jsonb) to authenticated;
