-- Second half of an attempt that failed: the count stands already; this leaves the trace.

create or replace function app.auth_fail(p_user_id uuid, p_reason text, p_context jsonb default '{}') returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.auth_event(p_user_id, 'login_failed', null, p_context, jsonb_build_object('reason', p_reason));
    if exists (
        select
        from app.credentials c
        join app.login_attempts a on a.kind = 'account' and a.key_hash = sha256(convert_to(c.email_key, 'UTF8'))
        where c.user_id = p_user_id
            and a.failed_count >= (app.auth_limits()).account_failures
            and a.counted_at > app.now() - (app.auth_limits()).lock_time
    ) then
        perform app.auth_event(p_user_id, 'locked', null, p_context);
    end if;

    -- Only failures make rows here, so failures sweep. Skip locked: this waits for nobody.
    delete from app.login_attempts a
    using (
        select s.kind, s.key_hash
        from app.login_attempts s
        where s.counted_at <= app.now() - (app.auth_limits()).lock_time
        limit 10
        for update skip locked
    ) over_and_done
    where (a.kind, a.key_hash) = (over_and_done.kind, over_and_done.key_hash);
end
$$;

comment on function app.auth_fail(uuid, text, jsonb) is
    'Audits a refused attempt (p_reason: password, totp_refused …) and the lock it caused, and sweeps attempts that no longer count. p_user_id null or unknown: nothing to write, same time.';
revoke all on function app.auth_fail(uuid, text, jsonb) from public;
grant execute on function app.auth_fail(uuid, text, jsonb) to pgcrm_gateway, pgcrm_bff;
