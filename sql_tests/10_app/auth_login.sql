-- Log-in as SQL judges it: attempts are counted before they are decided, locks end by themselves, nothing is told
-- about who exists. (The comparison of passwords is Python's: tests/bff/test_auth_login.py.)

begin;
select plan(36);

insert into app.clock (frozen_at) values ('2026-03-02 02:00:00+00');
delete from app.login_attempts;
select from app.create_organization('Log-in test', 'auth-login-test', 'aaaaaaaa-0000-4000-8000-000000000001');
select from app.create_profile(
    'aaaaaaaa-0000-4000-8000-000000000001', 'Ada@Auth.Test', 'Ada', 'salesperson', 'SAL',
    null, 'aaaaaaaa-0000-4000-8000-0000000000a1'
);
select from app.create_profile(
    'aaaaaaaa-0000-4000-8000-000000000001', 'bob@auth.test', 'Bob', 'salesperson', 'SAL',
    null, 'aaaaaaaa-0000-4000-8000-0000000000b1'
);
select from app.set_password('aaaaaaaa-0000-4000-8000-0000000000a1', '$argon2id$ada');
select from app.set_password('aaaaaaaa-0000-4000-8000-0000000000b1', '$argon2id$bob');

create function pg_temp.login(p_version integer, p_token integer default 1, p_new text default null) returns text
language sql
as $$
    select app.auth_succeed(
        'aaaaaaaa-0000-4000-8000-0000000000a1', p_version,
        sha256(convert_to('family ' || p_token, 'UTF8')), sha256(convert_to('token ' || p_token, 'UTF8')), 3600,
        p_new_password_hash => p_new, p_context => '{"ip": "192.0.2.1", "user_agent": "pgTAP"}'
    ) ->> 'verdict'
$$;

-- Who logs in

select is(
    app.auth_begin(' ADA@auth.test ') - 'password_hash',
    jsonb_build_object(
        'verdict', 'ok', 'user_id', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'email', 'ada@auth.test',
        'password_version', 1, 'totp_secret', null, 'totp_confirmed', false
    ),
    'an e-mail is found whatever its case and the blanks around it'
);
select is(app.auth_begin('ada@auth.test') ->> 'password_hash', '$argon2id$ada', 'and comes with the hash to compare');
select is(app.auth_begin('nobody@auth.test'), '{"verdict": "unknown"}', 'an unknown e-mail says so to the BFF alone');
select is(pg_temp.login(1), 'ok', 'member case 1: a proven attempt opens a session');
select is_empty(
    $$ select from app.login_attempts where key_hash = sha256('ada@auth.test') $$,
    'and the account starts counting afresh'
);
select results_eq(
    $$ select user_id, ip_address, user_agent, expires_at, revoked_at from app.sessions
       where org_id = 'aaaaaaaa-0000-4000-8000-000000000001' $$,
    $$ values (
        'aaaaaaaa-0000-4000-8000-0000000000a1'::uuid, '192.0.2.1', 'pgTAP', '2026-03-02 03:00:00+00'::timestamptz,
        null::timestamptz
    ) $$,
    'the session lasts as long as it was asked to'
);
select results_eq(
    $$ select changed_by, host(ip_address), user_agent, after_data ? 'session_id' from app.audit_logs
       where action = 'login' and org_id = 'aaaaaaaa-0000-4000-8000-000000000001' $$,
    $$ values ('aaaaaaaa-0000-4000-8000-0000000000a1'::uuid, '192.0.2.1', 'pgTAP', true) $$,
    'the log-in is audited with address and agent'
);

-- Lock-out

select is(
    array(select app.auth_begin('bob@auth.test') ->> 'verdict' from generate_series(1, 5)),
    array['ok', 'ok', 'ok', 'ok', 'ok'],
    'five attempts are admitted'
);
select is(
    app.auth_begin('bob@auth.test'),
    '{"verdict": "locked", "retry_after": 900}',
    'the sixth is not, for fifteen minutes, and no hash leaves the database'
);
select lives_ok(
    $$ select app.auth_fail('aaaaaaaa-0000-4000-8000-0000000000b1', 'refused', '{"ip": "192.0.2.9"}') $$,
    'the failure is reported'
);
select results_eq(
    $$ select action, changed_by, after_data ->> 'reason', host(ip_address) from app.audit_logs
       where table_name = 'app.credentials' and record_id = 'aaaaaaaa-0000-4000-8000-0000000000b1'
           and action <> 'password_set'
       order by audit_id $$,
    $$ values ('login_failed', null::uuid, 'refused', '192.0.2.9'), ('locked', null, null, '192.0.2.9') $$,
    'the refusal and the lock are audited'
);
update app.clock set frozen_at = '2026-03-02 02:14:59+00';
select is(
    app.auth_begin('bob@auth.test'),
    '{"verdict": "locked", "retry_after": 1}',
    'knocking in the meantime does not prolong the lock'
);
update app.clock set frozen_at = '2026-03-02 02:15:00+00';
select is(app.auth_begin('bob@auth.test') ->> 'verdict', 'ok', 'after fifteen minutes the next attempt is admitted');
select is(
    array(select app.auth_begin('nobody@auth.test') ->> 'verdict' from generate_series(1, 6)),
    array['unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'locked'],
    'an e-mail that nobody has locks as well: a lock does not tell who exists'
);
select is(
    (array(
        select app.auth_begin('new' || n || '@auth.test', '{"ip": "198.51.100.7"}') ->> 'verdict'
        from generate_series(1, 101) n
    ))[100:101],
    array['unknown', 'throttled'],
    'a hundred wrong attempts from one address are enough, whichever accounts they are for'
);
select is(app.auth_begin('bob@auth.test', '{"ip": "198.51.100.8"}') ->> 'verdict', 'ok', 'other addresses go on');
select lives_ok(
    $$ select app.auth_begin('ada@auth.test', '{"ip": "192.0.2.1"}') from generate_series(1, 3) $$,
    'three attempts from an address'
);
select is(pg_temp.login(1, 2), 'ok', 'of which one is proven');
select results_eq(
    $$ select failed_count from app.login_attempts where kind = 'address' and key_hash = sha256('192.0.2.1') $$,
    array[2],
    'give back one: others may be guessing from there'
);
update app.clock set frozen_at = '2026-03-02 03:00:00+00';
select lives_ok(
    $$ select app.auth_fail(null, 'refused') from generate_series(1, 20) $$, 'a failure of nobody is no error'
);
select is_empty('select from app.login_attempts', 'and what no longer counts is swept');

-- What was proven must still be true

select from app.auth_begin('ada@auth.test');
select is(pg_temp.login(0, 3), 'refused', 'a password that was replaced meanwhile proves nothing');
select is(
    app.auth_succeed(
        '00000000-0000-4000-8000-000000000000', 1, sha256('f'), sha256('t'), 3600
    ) ->> 'verdict',
    'refused',
    'an unknown person is refused'
);
select results_eq(
    $$ select failed_count from app.login_attempts where key_hash = sha256('ada@auth.test') $$, array[1],
    'a refusal leaves the attempt counted'
);

-- Changing the password

select from pg_temp.login(1, 4);
select is(
    app.auth_change_password(
        'aaaaaaaa-0000-4000-8000-0000000000a1',
        (select session_id from app.sessions where family_hash = sha256('family 4')), 1, '$argon2id$ada2'
    ) ->> 'verdict',
    'ok',
    'a proven person changes the password'
);
select results_eq(
    $$ select family_hash = sha256('family 4'), revoked_reason from app.sessions
       where org_id = 'aaaaaaaa-0000-4000-8000-000000000001' order by 1 desc, 2 limit 2 $$,
    $$ values (true, null), (false, 'password_changed') $$,
    'which ends every session but the one it was done in'
);
select is(app.auth_begin('ada@auth.test') ->> 'password_version', '2', 'and is a new version');
select is(pg_temp.login(1, 5), 'refused', 'so that whoever proved the old one gets nowhere');

-- Passwords given out by an administrator

select from app.set_password('aaaaaaaa-0000-4000-8000-0000000000a1', '$argon2id$given', true);
select is_empty(
    $$ select from app.sessions where user_id = 'aaaaaaaa-0000-4000-8000-0000000000a1' and revoked_at is null $$,
    'a password that is set ends all sessions'
);
select is(pg_temp.login(3, 6), 'must_change', 'one that has to be changed opens none');
select is(pg_temp.login(3, 6, '$argon2id$own'), 'ok', 'unless the new one comes along');
select throws_ok(
    $$ select app.set_password('00000000-0000-4000-8000-000000000000', '$argon2id$x') $$,
    'PT404', 'There is no such person.', 'a password for nobody is refused'
);

-- The log-in follows the person

update app.profiles set email = 'ada.lovelace@auth.test' where user_id = 'aaaaaaaa-0000-4000-8000-0000000000a1';
select is(
    app.auth_begin('ada.lovelace@auth.test') ->> 'verdict', 'ok', 'who gets another e-mail logs in with that'
);
update app.profiles set is_active = false where user_id = 'aaaaaaaa-0000-4000-8000-0000000000a1';
select is(
    app.auth_begin('ada.lovelace@auth.test') ->> 'verdict', 'unknown', 'who is deactivated is nobody'
);
select results_eq(
    $$ select revoked_reason from app.sessions where family_hash = sha256('family 6') $$, array['deactivated'],
    'and has no session left'
);
update app.organizations set is_active = false where org_id = 'aaaaaaaa-0000-4000-8000-000000000001';
select is(app.auth_begin('bob@auth.test') ->> 'verdict', 'unknown', 'nobody of a deactivated organisation logs in');

select * from finish();
rollback;
