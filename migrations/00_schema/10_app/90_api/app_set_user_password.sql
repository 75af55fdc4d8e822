-- Gives somebody a new password, which they have to change when they next log in.

create or replace function api.app_set_user_password(p_user_id uuid, p_password_hash text) returns jsonb
language plpgsql
volatile
security definer -- app.credentials has no grant
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('profiles', 'manage');
    if p_user_id = app.uid() then
        perform app.fail('PT409', 'user.self', 'Change your own password with the one you have.');
    end if;
    perform app.take_profile(p_user_id);
    perform app.set_password(p_user_id, p_password_hash, true);
    return jsonb_build_object('user_id', p_user_id);
end
$$;

comment on function api.app_set_user_password(uuid, text) is
    'p_password_hash: argon2id. Ends the person''s sessions and any lock of their log-in. Returns {user_id}. Raises PT403, PT404 user.not_found, PT409 user.self, 23514 for what is no such hash (decisions §5.13).';
revoke all on function api.app_set_user_password(uuid, text) from public;
grant execute on function api.app_set_user_password(uuid, text) to authenticated;
