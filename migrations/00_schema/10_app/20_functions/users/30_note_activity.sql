-- Writes down that a person is here, came, or left.

create or replace function app.note_activity(p_user_id uuid, p_what text) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into app.user_activity as a (org_id, user_id, last_active_at, last_login_at, last_logout_at)
    select
        p.org_id, p.user_id,
        case when p_what in ('heartbeat', 'login') then app.now() end,
        case when p_what = 'login' then app.now() end,
        case when p_what = 'logout' then app.now() end
    from app.profiles p
    where p.user_id = p_user_id and p.deleted_at is null
    on conflict on constraint user_activity_pkey do update
    set last_active_at = coalesce(excluded.last_active_at, a.last_active_at),
        last_login_at = coalesce(excluded.last_login_at, a.last_login_at),
        last_logout_at = coalesce(excluded.last_logout_at, a.last_logout_at)
$$;

comment on function app.note_activity(uuid, text) is
    'p_what: heartbeat, login or logout. Touches the row of p_user_id alone. For functions of the owner (spec: member §2, case 9, BF-2).';
revoke all on function app.note_activity(uuid, text) from public;
