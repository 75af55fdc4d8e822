-- The ids of a page of activities about something, newest first, for whoever sees that thing.

create or replace function crm.find_activities(p_filters jsonb, p_limit integer, p_after jsonb) returns bigint[]
language plpgsql
stable
-- Plans with the values at hand: a filter that is not there folds away, one that is uses its index.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_prospect_id text := p_filters ->> 'prospect_id';
    v_lead_id text := p_filters ->> 'lead_id';
    v_customer_id text := p_filters ->> 'customer_id';
    -- Without anything it is about: one's own, or the page would be looked for among everybody's.
    v_created_by uuid := coalesce(
        (p_filters ->> 'created_by')::uuid,
        case when not p_filters ?| array['prospect_id', 'lead_id', 'customer_id'] then app.uid() end
    );
    v_type text := p_filters ->> 'activity_type';
    v_open boolean := (p_filters ->> 'is_open')::boolean;
    v_after_at timestamptz := (p_after ->> 'created_at')::timestamptz;
    v_after_id bigint := (p_after ->> 'activity_id')::bigint;
begin
    return array(
        select a.activity_id
        from crm.activities a
        where a.org_id = v_org_id
          and (v_after_at is null or (a.created_at, a.activity_id) < (v_after_at, v_after_id))
          and (v_prospect_id is null or a.prospect_id = v_prospect_id)
          and (v_lead_id is null or a.lead_id = v_lead_id)
          and (v_customer_id is null or a.customer_id = v_customer_id)
          and (v_created_by is null or a.created_by = v_created_by)
          and (v_type is null or a.activity_type = v_type)
          and (v_open is null or (a.completed_at is null) = v_open)
        order by a.created_at desc, a.activity_id desc
        limit p_limit
    );
end
$$;

comment on function crm.find_activities(jsonb, integer, jsonb) is
    'activity_ids in the order of api.crm_list_activities, which documents the parameters. Runs with the caller''s rights: its conditions are equality and can use indexes under row security.';
revoke all on function crm.find_activities(jsonb, integer, jsonb) from public;
grant execute on function crm.find_activities(jsonb, integer, jsonb) to authenticated;
