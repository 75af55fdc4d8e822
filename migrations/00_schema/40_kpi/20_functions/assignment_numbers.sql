-- What became of the leads that were assigned in a period, in one reading.

create or replace function kpi.assignment_numbers(p_org_id uuid, p_from date, p_to date, p_user uuid) returns kpi.assignments
language plpgsql
stable
-- A day of one person and a quarter of everybody are read in different ways.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_contact constant text[] := array['visit', 'call', 'online_meeting', 'email', 'whatsapp'];
    v_begins timestamptz := kpi.day_begins(p_org_id, p_from);
    v_ends timestamptz := kpi.day_begins(p_org_id, p_to + 1);
    v_numbers kpi.assignments;
begin
    with got as materialized (
        select
            a.assignment_id, a.lead_id, a.to_user_id, a.assigned_at,
            -- Until somebody else got the lead.
            coalesce(
                (
                    select min(n.assigned_at)
                    from crm.lead_assignments n
                    where n.org_id = a.org_id and n.lead_id = a.lead_id and n.assignment_id > a.assignment_id
                ),
                'infinity'
            ) as until
        from crm.lead_assignments a
        where a.org_id = p_org_id
          and a.to_user_id is not null
          and a.assigned_at >= v_begins
          and a.assigned_at < v_ends
          and (p_user is null or a.to_user_id = p_user)
    ),
    -- Nobody acts on a lead before they have it: >= v_begins follows, and spares what was done before the period.
    acted as (
        select g.assignment_id, x.completed_at as happened_at, x.direction = 'outbound' and x.activity_type = any (v_contact) as is_contact
        from got g
        join crm.activities x on x.org_id = p_org_id and x.lead_id = g.lead_id and x.created_by = g.to_user_id
        where x.completed_at >= v_begins and x.completed_at > g.assigned_at and x.completed_at < g.until
        union all
        -- What was done for the customer's prospect and names no lead is done for each of them.
        select g.assignment_id, x.completed_at, x.direction = 'outbound' and x.activity_type = any (v_contact)
        from got g
        join crm.leads l on l.org_id = p_org_id and l.lead_id = g.lead_id
        join crm.prospects p on p.org_id = p_org_id and p.customer_id = l.customer_id
        join crm.activities x on x.org_id = p_org_id and x.prospect_id = p.prospect_id and x.lead_id is null and x.created_by = g.to_user_id
        where x.completed_at >= v_begins and x.completed_at > g.assigned_at and x.completed_at < g.until
        union all
        select g.assignment_id, h.changed_at, false
        from got g
        join crm.leads l on l.org_id = p_org_id and l.lead_id = g.lead_id
        join crm.prospects p on p.org_id = p_org_id and p.customer_id = l.customer_id
        join crm.prospect_stage_history h
            on h.org_id = p_org_id and h.prospect_id = p.prospect_id and h.from_stage is not null and h.changed_by = g.to_user_id
        where h.changed_at >= v_begins and h.changed_at > g.assigned_at and h.changed_at < g.until
        union all
        -- Leads keep their last move alone; the trail knows each, and whose it was.
        select g.assignment_id, t.changed_at, t.after_data ->> 'status' = 'Contacted'
        from got g
        join app.audit_logs t
            on t.org_id = p_org_id and t.record_id = g.lead_id and t.table_name = 'crm.leads' and t.action = 'UPDATE'
            and 'status' = any (t.changed_fields) and t.changed_by = g.to_user_id
        where t.changed_at >= v_begins and t.changed_at > g.assigned_at and t.changed_at < g.until
    ),
    firsts as (
        select d.assignment_id, min(d.happened_at) as action_at, min(d.happened_at) filter (where d.is_contact) as contact_at
        from acted d
        group by d.assignment_id
    )
    select
        count(*), count(f.action_at), count(f.contact_at),
        percentile_cont(0.5) within group (order by extract(epoch from f.action_at - g.assigned_at) / 60)
    into v_numbers
    from got g
    left join firsts f on f.assignment_id = g.assignment_id;
    return v_numbers;
end
$$;

comment on function kpi.assignment_numbers(uuid, date, date, uuid) is
    'Of each time somebody got a lead, p_user null: anybody. An action is an activity, stage move or status move of that person after it and before the lead went on; a contact an outbound visit, call, meeting, e-mail or chat, or the move to Contacted (spec: command_center §5.1).';
revoke all on function kpi.assignment_numbers(uuid, date, date, uuid) from public;
