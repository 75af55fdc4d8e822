-- Job: forgets log-ins that are over.

create or replace function app.clean_log_ins(p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limits constant record := app.auth_limits();
    v_sessions integer;
    v_attempts integer;
    v_logins integer;
    v_downloads integer;
begin
    delete from app.sessions s
    where s.session_id in (
        select x.session_id
        from app.sessions x
        where coalesce(x.revoked_at, x.expires_at) < app.now() - v_limits.keep_ended
        limit p_limit
    );
    get diagnostics v_sessions = row_count;

    delete from app.login_attempts a
    where (a.kind, a.key_hash) in (
        select x.kind, x.key_hash
        from app.login_attempts x
        where x.counted_at <= app.now() - v_limits.lock_time
        limit p_limit - v_sessions
    );
    get diagnostics v_attempts = row_count;

    -- While the log-in itself is there, its row says whose it is: `pgcrm psql` drops both.
    delete from app.db_logins l
    where l.login in (
        select x.login
        from app.db_logins x
        where x.expires_at < app.now()
          and not exists (select from pg_roles r where r.rolname = x.login)
        limit p_limit - v_sessions - v_attempts
    );
    get diagnostics v_logins = row_count;

    delete from app.download_tokens d
    where d.token_hash in (
        select x.token_hash
        from app.download_tokens x
        where x.expires_at <= app.now()
        limit p_limit - v_sessions - v_attempts - v_logins
    );
    get diagnostics v_downloads = row_count;

    return v_sessions + v_attempts + v_logins + v_downloads;
end
$$;

comment on function app.clean_log_ins(integer) is
    'Deletes at most p_limit sessions that ended more than 30 days ago, failed attempts that no longer count, expired analysts'' log-ins that Postgres no longer knows, and download tokens that nobody used; returns how many. Thresholds: app.auth_limits.';
revoke all on function app.clean_log_ins(integer) from public;
