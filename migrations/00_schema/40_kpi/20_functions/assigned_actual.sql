-- How many leads were assigned.

create or replace function kpi.assigned_actual(p_org_id uuid, p_from date, p_to date, p_user uuid) returns kpi.actual
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- What was done with them need not be known.
    select row(count(*), 'OK', null, 'computed', null)::kpi.actual
    from crm.lead_assignments a
    where a.org_id = p_org_id
      and a.to_user_id is not null
      and a.assigned_at >= kpi.day_begins(p_org_id, p_from)
      and a.assigned_at < kpi.day_begins(p_org_id, p_to + 1)
      and (p_user is null or a.to_user_id = p_user)
$$;

comment on function kpi.assigned_actual(uuid, date, date, uuid) is
    'SALES_LEADS_ASSIGNED: each time somebody got a lead; p_user: to whom (spec: command_center §5.1).';
revoke all on function kpi.assigned_actual(uuid, date, date, uuid) from public;
