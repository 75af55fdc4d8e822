-- Changes how requests are approved without anybody.

create or replace function api.members_set_request_settings(payload jsonb) returns jsonb
language plpgsql
security definer -- settings are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
begin
    perform app.require('member_settings', 'update');
    v_wanted := app.read_payload(
        'member_settings', payload,
        '{"enabled": {"kind": "boolean"}, "max_records_per_request": {"kind": "integer", "minimum": 1, "maximum": 10000}}'
    );
    insert into app.settings as s (org_id, key, value)
    select app.org_id(), k.key, coalesce(v_wanted -> k.field, k.none)
    from (
        values
            ('enabled', 'normal_auto_approve', null::jsonb),
            ('max_records_per_request', 'normal_auto_approve_maximum', '0')
    ) as k (field, key, none)
    where payload ? k.field and coalesce(v_wanted -> k.field, k.none) is not null
    order by 2
    on conflict on constraint settings_pkey do update set value = excluded.value
    where s.value is distinct from excluded.value;
    return members.request_settings();
end
$$;

comment on function api.members_set_request_settings(jsonb) is
    'payload {enabled?, max_records_per_request?: 1–10000, null = any}; what is left out stays. Returns both. Raises PT403, PT422 (spec: member §5.2 auto-approve).';
revoke all on function api.members_set_request_settings(jsonb) from public;
grant execute on function api.members_set_request_settings(jsonb) to authenticated;
