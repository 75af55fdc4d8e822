-- Changes when the data are checked by the clock.

create or replace function api.members_set_monitoring(payload jsonb) returns jsonb
language plpgsql
security definer -- settings are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
begin
    perform app.require('data_sync', 'manage');
    v_wanted := app.read_payload(
        'monitoring', payload,
        '{
            "enabled": {"kind": "boolean"},
            "check_interval_hours": {"kind": "integer", "minimum": 1, "maximum": 168},
            "notify_on_warning": {"kind": "boolean"},
            "notify_on_critical": {"kind": "boolean"}
        }'
    );
    insert into app.settings as s (org_id, key, value)
    select app.org_id(), k.key, v_wanted -> k.field
    from (
        values
            ('enabled', 'monitoring_enabled'), ('check_interval_hours', 'monitoring_interval_hours'),
            ('notify_on_warning', 'monitoring_notify_on_warning'), ('notify_on_critical', 'monitoring_notify_on_critical')
    ) as k (field, key)
    where v_wanted ? k.field
    order by k.key
    on conflict on constraint settings_pkey do update set value = excluded.value
    where s.value is distinct from excluded.value;
    return members.monitoring_config(app.org_id());
end
$$;

comment on function api.members_set_monitoring(jsonb) is
    'payload {enabled?, check_interval_hours? 1–168, notify_on_warning?, notify_on_critical?}; what is left out stays. Returns members.monitoring_config. Raises PT403, PT422 (spec: member §5.23, case 152).';
revoke all on function api.members_set_monitoring(jsonb) from public;
grant execute on function api.members_set_monitoring(jsonb) to authenticated;
