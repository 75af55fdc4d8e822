-- Changes the settings of a record module.

create or replace function api.members_set_settings(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- settings are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
begin
    perform app.require('member_settings', 'update');
    perform members.check_module(p_module);
    v_wanted := app.read_payload(
        'member_settings', payload,
        '{
            "auto_replace_invalid": {"kind": "boolean"},
            "max_replacements_per_batch": {"kind": "integer", "minimum": 1, "maximum": 1000}
        }'
    );
    insert into app.settings as s (org_id, key, value)
    select app.org_id(), p_module || k.key, v_wanted -> k.field
    from (
        values ('auto_replace_invalid', '_auto_replace'), ('max_replacements_per_batch', '_replacements_per_batch')
    ) as k (field, key)
    where v_wanted ? k.field
    order by 2
    on conflict on constraint settings_pkey do update set value = excluded.value
    where s.value is distinct from excluded.value;
    return members.replace_settings(p_module);
end
$$;

comment on function api.members_set_settings(text, jsonb) is
    'payload {auto_replace_invalid?, max_replacements_per_batch? 1–1000}; what is left out stays. Returns both. Raises PT403, PT422 (spec: member §5.10 auto-replace, S2 configurable).';
revoke all on function api.members_set_settings(text, jsonb) from public;
grant execute on function api.members_set_settings(text, jsonb) to authenticated;
