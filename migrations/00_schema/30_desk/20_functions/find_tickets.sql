-- The ids of a page of tickets, newest first, within the scopes of the caller.

create or replace function desk.find_tickets(p_filters jsonb, p_limit integer, p_after jsonb) returns text[]
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
    v_dept_code text := app.dept_code();
    v_all boolean := app.can('tickets', 'select', 'all');
    v_created boolean := app.can('tickets', 'select', 'created');
    v_assigned boolean := app.can('tickets', 'select', 'assigned');
    -- Operations find masked tickets of their department too; what they read of them is masked (decisions D3).
    v_masks boolean := app.can('v_ops_rfqs_masked', 'select', 'dept');
    v_dept boolean := app.can('tickets', 'select', 'dept') or app.can('v_ops_rfqs_masked', 'select', 'dept');
    v_team boolean := app.can('tickets', 'select', 'team');
    v_marketing_ids uuid[] := case
        when app.can('tickets', 'select', 'marketing') then app.user_ids_of_group('marketing') else '{}'
    end;
    v_lead boolean := app.can('tickets', 'select', 'lead') and not v_all;
    v_leads_all boolean := app.can('leads', 'select', 'all');
    v_leads_team boolean := app.can('leads', 'select', 'team');
    v_leads_team_unowned boolean := app.can('leads', 'select', 'team_unowned');
    v_leads_own boolean := app.can('leads', 'select', 'own');
    v_leads_created boolean := app.can('leads', 'select', 'created');
    v_leads_created_unowned boolean := app.can('leads', 'select', 'created_unowned');
    v_leads_pipeline boolean := app.can('leads', 'select', 'pipeline');
    v_ticket_type text := p_filters ->> 'ticket_type';
    v_status text := p_filters ->> 'status';
    v_dept_target text := p_filters ->> 'dept_target';
    v_assigned_to uuid := (p_filters ->> 'assigned_to')::uuid;
    v_created_by uuid := (p_filters ->> 'created_by')::uuid;
    v_lead_id text := p_filters ->> 'related_lead_id';
    v_customer_id text := p_filters ->> 'related_customer_id';
    v_from timestamptz := (p_filters ->> 'created_from')::date::timestamp at time zone (app.setting('time_zone') #>> '{}');
    v_to timestamptz := ((p_filters ->> 'created_to')::date + 1)::timestamp at time zone (app.setting('time_zone') #>> '{}');
    v_after_at timestamptz := (p_after ->> 'created_at')::timestamptz;
    v_after_id text := p_after ->> 'ticket_id';
begin
    -- What the caller cannot read is nobody's here, or the filter would tell what api.tickets hides; and masking takes the
    -- author away (spec: command_center §4).
    if (v_customer_id is not null and not app.may_select_customers(v_org_id, v_customer_id))
        or (v_lead_id is not null and not app.may_select_leads(v_org_id, v_lead_id))
    then
        return '{}'::text[];
    end if;

    return array(
        select found.ticket_id
        from (
            (
                -- Each of these scopes has an index of its own.
                select t.created_at, t.ticket_id
                from desk.tickets t
                where t.org_id = v_org_id
                  and (
                      v_all
                      or (v_created and t.created_by = v_user_id)
                      or (v_assigned and t.assigned_to = v_user_id)
                      or (v_dept and t.dept_target = v_dept_code)
                      or (v_team and (t.created_by = any (v_team_ids) or t.assigned_to = any (v_team_ids)))
                      or t.created_by = any (v_marketing_ids)
                  )
                  and (v_after_at is null or (t.created_at, t.ticket_id) < (v_after_at, v_after_id))
                  and (v_ticket_type is null or t.ticket_type = v_ticket_type)
                  and (v_status is null or coalesce(t.inquiry_status, t.ticket_status) = v_status)
                  and (v_dept_target is null or t.dept_target = v_dept_target)
                  and (v_assigned_to is null or t.assigned_to = v_assigned_to)
                  and (v_created_by is null or (t.created_by = v_created_by and not (v_masks and t.need_customer_masking)))
                  and (v_lead_id is null or t.related_lead_id = v_lead_id)
                  and (v_customer_id is null or t.related_customer_id = v_customer_id)
                  and (v_from is null or t.created_at >= v_from)
                  and (v_to is null or t.created_at < v_to)
                order by t.created_at desc, t.ticket_id desc
                limit p_limit
            )
            union
            (
                -- Tickets about leads that the caller sees are found through the leads.
                select t.created_at, t.ticket_id
                from crm.leads l
                join desk.tickets t on t.org_id = l.org_id and t.related_lead_id = l.lead_id
                where v_lead
                  and l.org_id = v_org_id
                  and (
                      v_leads_all
                      or (v_leads_team and l.sales_owner_user_id = any (v_team_ids))
                      or (v_leads_team_unowned and l.sales_owner_user_id is null and l.created_by = any (v_team_ids))
                      or (v_leads_own and l.sales_owner_user_id = v_user_id)
                      or (v_leads_created and l.created_by = v_user_id)
                      or (v_leads_created_unowned and l.sales_owner_user_id is null and l.created_by = v_user_id)
                      or (v_leads_pipeline and (l.sales_owner_user_id is not null or l.sourced_by = 'Sales'))
                  )
                  and (v_after_at is null or (t.created_at, t.ticket_id) < (v_after_at, v_after_id))
                  and (v_ticket_type is null or t.ticket_type = v_ticket_type)
                  and (v_status is null or coalesce(t.inquiry_status, t.ticket_status) = v_status)
                  and (v_dept_target is null or t.dept_target = v_dept_target)
                  and (v_assigned_to is null or t.assigned_to = v_assigned_to)
                  and (v_created_by is null or t.created_by = v_created_by)
                  and (v_lead_id is null or t.related_lead_id = v_lead_id)
                  and (v_customer_id is null or t.related_customer_id = v_customer_id)
                  and (v_from is null or t.created_at >= v_from)
                  and (v_to is null or t.created_at < v_to)
                order by t.created_at desc, t.ticket_id desc
                limit p_limit
            )
        ) found
        order by found.created_at desc, found.ticket_id desc
        limit p_limit
    );
end
$$;

comment on function desk.find_tickets(jsonb, integer, jsonb) is
    'ticket_ids in the order of api.desk_list_tickets, which documents the parameters; read them through api.tickets or masked, so that the policies have the last word (design §4, §6).';
revoke all on function desk.find_tickets(jsonb, integer, jsonb) from public;
grant execute on function desk.find_tickets(jsonb, integer, jsonb) to authenticated;
