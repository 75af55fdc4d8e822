-- One person whose profile the caller sees.

create or replace function api.app_get_user(p_user_id uuid) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('profiles', 'select');
    if not exists (
        select from app.profiles p where p.org_id = (select app.org_id()) and p.user_id = p_user_id and p.deleted_at is null
    ) then
        perform app.fail('PT404', 'user.not_found', 'There is no such person.', p_user_id::text);
    end if;
    return app.profile_as_json(app.org_id(), p_user_id);
end
$$;

comment on function api.app_get_user(uuid) is
    'Returns the profile as app.profile_as_json. Raises PT401, PT403, PT404 user.not_found also for somebody whose profile the caller does not see (decisions §5.14).';
revoke all on function api.app_get_user(uuid) from public;
grant execute on function api.app_get_user(uuid) to authenticated;
