-- When the data are checked by the clock, and who is told of what.

create or replace function members.monitoring_config(p_org_id uuid) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'enabled', app.setting_of(p_org_id, 'monitoring_enabled'),
        'check_interval_hours', app.setting_of(p_org_id, 'monitoring_interval_hours'),
        'notify_on_warning', app.setting_of(p_org_id, 'monitoring_notify_on_warning'),
        'notify_on_critical', app.setting_of(p_org_id, 'monitoring_notify_on_critical'),
        'last_check', (
            select max(l.performed_at) from members.system_logs l where l.org_id = p_org_id and l.type = 'proactive_health_check'
        )
    )
$$;

comment on function members.monitoring_config(uuid) is
    '{enabled, check_interval_hours, notify_on_warning, notify_on_critical, last_check} (spec: member §5.23).';
revoke all on function members.monitoring_config(uuid) from public;
