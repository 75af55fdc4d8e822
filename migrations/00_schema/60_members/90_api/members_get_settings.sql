-- The settings of a record module.

create or replace function api.members_get_settings(p_module text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('member_settings', 'select');
    perform members.check_module(p_module);
    return members.replace_settings(p_module);
end
$$;

comment on function api.members_get_settings(text) is
    'Returns {auto_replace_invalid, max_replacements_per_batch}. Raises PT401, PT403, PT422 (spec: member §4).';
revoke all on function api.members_get_settings(text) from public;
grant execute on function api.members_get_settings(text) to authenticated;
