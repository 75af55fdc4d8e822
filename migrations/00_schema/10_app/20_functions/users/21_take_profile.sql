-- The person whom a manager wants to change, locked; or the refusal.

create or replace function app.take_profile(p_user_id uuid) returns app.profiles
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_profile app.profiles;
begin
    select p.*
    into v_profile
    from app.profiles p
    where p.org_id = app.org_id() and p.user_id = p_user_id and p.deleted_at is null
    for no key update;
    if not found then
        perform app.fail('PT404', 'user.not_found', 'There is no such person.', p_user_id::text);
    end if;
    -- 403: who works here is no secret to anybody who does (api.v_user_directory).
    if not app.may_manage_profile(v_profile.role_key, v_profile.dept_code, v_profile.manager_user_id) then
        perform app.fail('PT403', 'permission.denied', 'You do not manage this person.');
    end if;
    return v_profile;
end
$$;

comment on function app.take_profile(uuid) is
    'Locks a person of the caller''s organisation and returns them. Raises PT404 user.not_found, PT403 permission.denied for somebody the caller does not manage. For functions of the owner. Rule: decisions §5.13, §5.14.';
revoke all on function app.take_profile(uuid) from public;
