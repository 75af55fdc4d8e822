-- How much sales did.

create or replace function kpi.activity_actual(p_org_id uuid, p_activity_type text, p_from date, p_to date, p_user uuid) returns kpi.actual
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select row(count(*), 'OK', null, 'computed', null)::kpi.actual
    from crm.activities a
    where a.org_id = p_org_id
      and a.activity_type = p_activity_type
      and a.direction = 'outbound'
      and a.completed_at >= kpi.day_begins(p_org_id, p_from)
      and a.completed_at < kpi.day_begins(p_org_id, p_to + 1)
      and (p_user is null or a.created_by = p_user)
$$;

comment on function kpi.activity_actual(uuid, text, date, date, uuid) is
    'SALES_ACTIVITY_…: outbound activities of a type that were done in the period, by its author; that a visit has photo and position is a check of the table (spec: command_center §5.1, decisions §1.4).';
revoke all on function kpi.activity_actual(uuid, text, date, date, uuid) from public;
