-- Assignments of leads in a period, and when their owners first acted.

create or replace function kpi.assignments_of(p_org_id uuid, p_from date, p_to date, p_user uuid)
returns table (assigned_at timestamptz, first_action_at timestamptz, first_contact_at timestamptz)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select a.assigned_at, min(act.happened_at), min(act.happened_at) filter (where act.is_contact)
    from crm.lead_assignments a
    join crm.leads l on l.org_id = a.org_id and l.lead_id = a.lead_id
    cross join lateral (
        -- Until somebody else got the lead.
        select coalesce(min(n.assigned_at), 'infinity') as until
        from crm.lead_assignments n
        where n.org_id = a.org_id and n.lead_id = a.lead_id and n.assignment_id > a.assignment_id
    ) e
    left join lateral (
        select x.completed_at as happened_at, x.direction = 'outbound' and x.activity_type in ('visit', 'call', 'online_meeting', 'email', 'whatsapp') as is_contact
        from crm.activities x
        where x.org_id = a.org_id and x.lead_id = a.lead_id and x.created_by = a.to_user_id
        union all
        -- What was done for the customer's prospect and names no lead is done for each of them.
        select x.completed_at, x.direction = 'outbound' and x.activity_type in ('visit', 'call', 'online_meeting', 'email', 'whatsapp')
        from crm.prospects p
        join crm.activities x on x.org_id = p.org_id and x.prospect_id = p.prospect_id
        where p.org_id = l.org_id and p.customer_id = l.customer_id and x.lead_id is null and x.created_by = a.to_user_id
        union all
        select h.changed_at, false
        from crm.prospects p
        join crm.prospect_stage_history h on h.org_id = p.org_id and h.prospect_id = p.prospect_id
        where p.org_id = l.org_id and p.customer_id = l.customer_id and h.from_stage is not null and h.changed_by = a.to_user_id
        union all
        -- Leads keep their last move alone; the trail knows each, and whose it was.
        select t.changed_at, t.after_data ->> 'status' = 'Contacted'
        from app.audit_logs t
        where t.org_id = a.org_id and t.record_id = a.lead_id and t.table_name = 'crm.leads' and t.action = 'UPDATE'
          and 'status' = any (t.changed_fields) and t.changed_by = a.to_user_id
    ) act on act.happened_at > a.assigned_at and act.happened_at < e.until
    where a.org_id = p_org_id
      and a.to_user_id is not null
      and a.assigned_at >= kpi.day_begins(p_org_id, p_from)
      and a.assigned_at < kpi.day_begins(p_org_id, p_to + 1)
      and (p_user is null or a.to_user_id = p_user)
    group by a.lead_id, a.assignment_id, a.assigned_at
$$;

comment on function kpi.assignments_of(uuid, date, date, uuid) is
    'One row for each time somebody got a lead, p_user null: anybody. first_action_at: the first activity, stage move or status move of that person after it and before the lead went on; first_contact_at: the first outbound visit, call, meeting, e-mail or chat, or move to Contacted. Null: none (spec: command_center §5.1).';
revoke all on function kpi.assignments_of(uuid, date, date, uuid) from public;
