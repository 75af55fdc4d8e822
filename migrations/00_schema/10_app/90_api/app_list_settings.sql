-- What is set in the caller's organisation, and what could be.

create or replace function api.app_list_settings() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('settings', 'select');
    return jsonb_build_object(
        'items', (select coalesce(jsonb_agg(to_jsonb(s) - 'org_id' order by s.key), '[]') from api.settings s)
    );
end
$$;

comment on function api.app_list_settings() is
    'Returns {items: rows of api.settings}, all of them. Raises PT401, PT403 (decisions §4, §5.9).';
revoke all on function api.app_list_settings() from public;
grant execute on function api.app_list_settings() to authenticated;
