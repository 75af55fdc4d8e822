-- Deletes a person: deactivated for good, the e-mail free again, what was theirs alone gone. What they did stays theirs.

create or replace function api.app_delete_user(p_user_id uuid) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc, and app.credentials has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('user_id', p_user_id);
    v_answer jsonb;
begin
    perform app.require('profiles', 'manage');
    v_answer := app.replay('app_delete_user', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    if p_user_id = app.uid() then
        perform app.fail('PT409', 'user.self', 'Nobody deletes themselves.');
    end if;
    perform app.take_profile(p_user_id);

    -- Other modules let go of the person in triggers on deleted_at.
    update app.profiles p
    set is_active = false, deleted_at = app.now(), manager_user_id = null, blocked_pages = '{}',
        email = 'deleted.' || p.user_id || '@invalid'
    where p.org_id = app.org_id() and p.user_id = p_user_id;
    update app.profiles p set manager_user_id = null where p.org_id = app.org_id() and p.manager_user_id = p_user_id;
    delete from app.credentials c where c.user_id = p_user_id;
    delete from app.notifications n where n.org_id = app.org_id() and n.user_id = p_user_id;
    delete from app.user_activity a where a.org_id = app.org_id() and a.user_id = p_user_id;
    delete from app.saved_views v where v.org_id = app.org_id() and v.created_by = p_user_id;
    perform app.emit('profiles.deleted', array[p_user_id::text], array['profiles', 'v_user_directory']);
    return app.remember('app_delete_user', v_request, v_request);
end
$$;

comment on function api.app_delete_user(uuid) is
    'Returns {user_id}. The row stays for whatever refers to it; log-in, sessions, notifications and saved views are gone, and whoever was managed by them has no manager. Raises PT403, PT404 user.not_found, PT409 user.self (member cases 4, 8, 10; decisions §3).';
revoke all on function api.app_delete_user(uuid) from public;
grant execute on function api.app_delete_user(uuid) to authenticated;
