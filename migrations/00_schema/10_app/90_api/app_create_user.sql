-- Adds a person, with a log-in where passwords are ours.

create or replace function api.app_create_user(payload jsonb, p_password_hash text default null) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc, and app.credentials has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_answer jsonb;
    v_user_id uuid;
begin
    perform app.require('profiles', 'manage');
    v_wanted := app.read_profile(payload, true);
    v_answer := app.replay('app_create_user', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    -- Whoever manages a team adds to it.
    if not v_wanted ? 'manager_user_id' and not app.can('profiles', 'manage', 'all') then
        v_wanted := v_wanted || jsonb_build_object('manager_user_id', app.uid());
    end if;
    if not app.may_manage_profile(v_wanted ->> 'role_key', v_wanted ->> 'dept_code', (v_wanted ->> 'manager_user_id')::uuid) then
        perform app.fail('PT403', 'permission.denied', 'You may not add somebody with this role, department and manager.');
    end if;
    perform app.check_blocked_pages(v_wanted, v_wanted ->> 'role_key');
    if exists (select from app.profiles p where p.org_id = app.org_id() and p.email = lower(v_wanted ->> 'email')) then
        perform app.fail('PT409', 'user.email.duplicate', 'Somebody here has this e-mail already.');
    end if;

    insert into app.profiles (
        org_id, user_id, user_code, email, full_name, role_key, dept_code, manager_user_id, blocked_pages, created_by
    )
    values (
        app.org_id(), coalesce((v_wanted ->> 'user_id')::uuid, gen_random_uuid()), v_wanted ->> 'user_code',
        lower(v_wanted ->> 'email'), v_wanted ->> 'full_name', v_wanted ->> 'role_key', v_wanted ->> 'dept_code',
        (v_wanted ->> 'manager_user_id')::uuid,
        array(select jsonb_array_elements_text(coalesce(v_wanted -> 'blocked_pages', '[]'))), app.uid()
    )
    returning user_id into v_user_id;
    if p_password_hash is not null then
        perform app.set_password(v_user_id, p_password_hash, true);
    end if;
    perform app.emit('profiles.created', array[v_user_id::text], array['profiles', 'v_user_directory']);
    return app.remember('app_create_user', payload, app.profile_as_json(app.org_id(), v_user_id));
end
$$;

comment on function api.app_create_user(jsonb, text) is
    'payload {email, full_name, role_key, dept_code, user_code, manager_user_id, blocked_pages, user_id: where another system keeps log-ins, the id there}; p_password_hash: argon2id of a first password, which the person has to change. Without a manager the caller is, unless the caller manages everybody. Returns the profile. Raises PT403 also for a role that the caller may not give, PT409 user.email.duplicate, PT422 (spec: command_center §1.6, case 132, member case 5; decisions §5.13).';
revoke all on function api.app_create_user(jsonb, text) from public;
grant execute on function api.app_create_user(jsonb, text) to authenticated;
