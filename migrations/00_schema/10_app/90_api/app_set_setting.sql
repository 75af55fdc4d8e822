-- Changes one setting of the caller's organisation.

create or replace function api.app_set_setting(p_key text, p_value jsonb) returns jsonb
language plpgsql
security definer -- settings are inserted by this function alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('settings', 'update');
    if not exists (select from app.setting_definitions d where d.key = p_key) then
        perform app.fail('PT404', 'setting.unknown', 'There is no such setting.', p_key);
    end if;

    insert into app.settings as s (org_id, key, value)
    values (app.org_id(), p_key, p_value)
    on conflict (org_id, key) do update set value = excluded.value
    where s.value is distinct from excluded.value;

    return jsonb_build_object('key', p_key, 'value', app.setting(p_key));
end
$$;

comment on function api.app_set_setting(text, jsonb) is
    'Returns {key, value}. Raises PT403 permission.denied, PT404 setting.unknown, PT422 setting.invalid with the allowed range (decisions §4, §5.9).';
revoke all on function api.app_set_setting(text, jsonb) from public;
grant execute on function api.app_set_setting(text, jsonb) to authenticated;
