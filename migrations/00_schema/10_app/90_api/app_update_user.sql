-- Changes a person: their name by themselves, all else by whoever manages them.

create or replace function api.app_update_user(p_user_id uuid, payload jsonb) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc: role, department, manager and state are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('user_id', p_user_id, 'payload', payload);
    v_is_self boolean := p_user_id = app.uid();
    -- Of what was sent, nulls included: they take something away.
    v_is_name_only boolean;
    v_wanted jsonb;
    v_answer jsonb;
    v_old app.profiles;
    v_new app.profiles;
begin
    perform app.require('profiles', 'update');
    v_wanted := app.read_profile(payload, false);
    v_is_name_only := payload - 'full_name' = '{}';
    v_answer := app.replay('app_update_user', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    if v_is_self and v_is_name_only then
        select p.* into v_old from app.profiles p where p.org_id = app.org_id() and p.user_id = p_user_id for no key update;
    else
        perform app.require('profiles', 'manage');
        if v_is_self and payload ?| array['role_key', 'is_active', 'manager_user_id'] then
            perform app.fail('PT409', 'user.self', 'Nobody changes their own role, manager or state.');
        end if;
        v_old := app.take_profile(p_user_id);
    end if;

    v_new := v_old;
    v_new.email := coalesce(lower(v_wanted ->> 'email'), v_old.email);
    v_new.full_name := coalesce(v_wanted ->> 'full_name', v_old.full_name);
    v_new.user_code := coalesce(v_wanted ->> 'user_code', v_old.user_code);
    v_new.role_key := coalesce(v_wanted ->> 'role_key', v_old.role_key);
    v_new.dept_code := coalesce(v_wanted ->> 'dept_code', v_old.dept_code);
    v_new.manager_user_id := case
        when payload ? 'manager_user_id' then (v_wanted ->> 'manager_user_id')::uuid
        else v_old.manager_user_id
    end;
    v_new.is_active := coalesce((v_wanted ->> 'is_active')::boolean, v_old.is_active);
    -- What may be blocked depends on the role: pages do not outlive a role for which none may be.
    v_new.blocked_pages := case
        when v_wanted ? 'blocked_pages' then array(select jsonb_array_elements_text(v_wanted -> 'blocked_pages'))
        when v_new.role_key <> v_old.role_key then '{}'
        else v_old.blocked_pages
    end;
    if not (v_is_self and v_is_name_only)
        and not app.may_manage_profile(v_new.role_key, v_new.dept_code, v_new.manager_user_id) then
        perform app.fail('PT403', 'permission.denied', 'You may not give this role, department or manager.');
    end if;
    perform app.check_blocked_pages(v_wanted, v_new.role_key);
    if v_new.email <> v_old.email and exists (
        select from app.profiles p where p.org_id = app.org_id() and p.email = v_new.email
    ) then
        perform app.fail('PT409', 'user.email.duplicate', 'Somebody here has this e-mail already.');
    end if;

    update app.profiles p
    set email = v_new.email, full_name = v_new.full_name, user_code = v_new.user_code, role_key = v_new.role_key,
        dept_code = v_new.dept_code, manager_user_id = v_new.manager_user_id, is_active = v_new.is_active,
        blocked_pages = v_new.blocked_pages
    where p.org_id = app.org_id() and p.user_id = p_user_id;
    perform app.emit('profiles.updated', array[p_user_id::text], array['profiles', 'v_user_directory']);
    return app.remember('app_update_user', v_request, app.profile_as_json(app.org_id(), p_user_id));
end
$$;

comment on function api.app_update_user(uuid, jsonb) is
    'payload: any of {email, full_name, role_key, dept_code, user_code, manager_user_id, is_active, blocked_pages}; manager null = none. Oneself: full_name alone, unless one manages oneself. Deactivated, a person''s log-ins, sessions and database log-ins end at once. Returns the profile. Raises PT403, PT404 user.not_found, PT409 user.self, user.email.duplicate, PT422, among them profile.manager.cycle (spec: command_center §1.6, cases 131, 132, 145, 146, 148; member cases 4, 5, 7; P4).';
revoke all on function api.app_update_user(uuid, jsonb) from public;
grant execute on function api.app_update_user(uuid, jsonb) to authenticated;
