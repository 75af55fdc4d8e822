-- Marks the alerts about a staff's invalid records as dealt with.

create or replace function members.resolve_alerts(p_org_id uuid, p_module text, p_staff_id uuid) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_resolved integer;
begin
    update app.notifications n
    set resolved_at = app.now()
    where n.org_id = p_org_id
      and n.topic = members.alert_topic(p_module)
      and (p_staff_id is null or n.entity_id = p_staff_id::text)
      and n.resolved_at is null;
    get diagnostics v_resolved = row_count;
    return v_resolved;
end
$$;

comment on function members.resolve_alerts(uuid, text, uuid) is
    'p_staff_id: null = those about all staff. Returns how many were open (spec: member §5.10).';
revoke all on function members.resolve_alerts(uuid, text, uuid) from public;
