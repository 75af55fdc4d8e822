-- Counts a log-in attempt before it is decided, so that parallel guesses cannot get past the limit.

create or replace function app.auth_count_attempt(p_kind text, p_key text) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := app.now();
    v_lock_time constant interval := (app.auth_limits()).lock_time;
    v_limit constant integer := case p_kind
        when 'account' then (app.auth_limits()).account_failures
        else (app.auth_limits()).address_failures
    end;
    v_attempts app.login_attempts;
begin
    insert into app.login_attempts as a (kind, key_hash, failed_count, counted_at)
    values (p_kind, sha256(convert_to(p_key, 'UTF8')), 1, v_now)
    on conflict (kind, key_hash) do update set
        failed_count = case
            when a.counted_at <= v_now - v_lock_time then 1
            else least(a.failed_count, v_limit) + 1
        end,
        -- What is refused does not prolong the lock: otherwise knocking could lock a person out for ever.
        counted_at = case
            when a.failed_count >= v_limit and a.counted_at > v_now - v_lock_time then a.counted_at
            else v_now
        end
    returning a.* into v_attempts;

    if v_attempts.failed_count <= v_limit then
        return 0;
    end if;
    return greatest(1, ceil(extract(epoch from v_attempts.counted_at + v_lock_time - v_now))::integer);
end
$$;

comment on function app.auth_count_attempt(text, text) is
    'Counts one attempt of p_kind (account | address) by p_key; 0 = go ahead, otherwise the seconds until the next one is admitted. An attempt counts as failed until app.auth_prove forgives it.';
revoke all on function app.auth_count_attempt(text, text) from public;
