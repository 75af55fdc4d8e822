-- The second factor: asked for from its confirmation on, and no code counts twice.

begin;
select plan(22);

select from app.create_organization('Factor test', 'auth-factor-test', 'aaaaaaaa-0000-4000-8000-000000000003');
select from app.create_profile(
    'aaaaaaaa-0000-4000-8000-000000000003', 'fay@factor.test', 'Fay', 'salesperson', 'SAL',
    null, 'aaaaaaaa-0000-4000-8000-0000000000f3'
);
select from app.set_password('aaaaaaaa-0000-4000-8000-0000000000f3', '$argon2id$fay');

create function pg_temp.login(p_family text, p_step bigint default null, p_code text default null) returns text
language sql
as $$
    select app.auth_succeed(
        'aaaaaaaa-0000-4000-8000-0000000000f3', 1, sha256(p_family::bytea), sha256('token'), 3600,
        p_totp_step => p_step, p_recovery_hash => sha256(p_code::bytea)
    ) ->> 'verdict'
$$;
create function pg_temp.confirm(p_secret text, p_step bigint) returns text
language sql
as $$
    select app.auth_totp_confirm(
        'aaaaaaaa-0000-4000-8000-0000000000f3', 1, p_secret, p_step, array[sha256('code 1'), sha256('code 2')]
    ) ->> 'verdict'
$$;

-- Enrolment

select is(pg_temp.confirm('SECRET', 100), 'not_enrolled', 'nothing is confirmed before it was begun');
select is(
    app.auth_totp_enrol('aaaaaaaa-0000-4000-8000-0000000000f3', 0, 'SECRET') ->> 'verdict', 'refused',
    'enrolment needs the password'
);
select is(
    app.auth_totp_enrol('aaaaaaaa-0000-4000-8000-0000000000f3', 1, 'FIRST') ->> 'verdict', 'ok', 'an enrolment begins'
);
select is(pg_temp.login('a'), 'ok', 'log-in does not ask for it yet');
select is(
    app.auth_totp_enrol('aaaaaaaa-0000-4000-8000-0000000000f3', 1, 'SECRET') ->> 'verdict', 'ok', 'another one replaces it'
);
select is(pg_temp.confirm('FIRST', 100), 'not_enrolled', 'a code of the one that was replaced confirms nothing');
select is(pg_temp.confirm('SECRET', 100), 'ok', 'the code of the present one does');
select is(
    app.auth_totp_enrol('aaaaaaaa-0000-4000-8000-0000000000f3', 1, 'OTHER') ->> 'verdict', 'enabled_already',
    'who has a second factor removes it before setting up another'
);
select is(
    (app.auth_begin('fay@factor.test') - 'password_hash') @> '{"totp_secret": "SECRET", "totp_confirmed": true}', true,
    'log-in hears of the secret'
);

-- Log-in

select is(pg_temp.login('b'), 'totp_required', 'a password alone no longer suffices');
select is(pg_temp.login('b', 100), 'totp_refused', 'the code that confirmed is used up');
select is(pg_temp.login('b', 101), 'ok', 'a newer one counts');
select is(pg_temp.login('c', 101), 'totp_refused', 'once');
select is(pg_temp.login('c', 99), 'totp_refused', 'and an older one not at all');
select is(pg_temp.login('c', null, 'code 1'), 'ok', 'a recovery code stands in');
select is(pg_temp.login('d', null, 'code 1'), 'recovery_code_refused', 'once');
select is(pg_temp.login('d', null, 'no code'), 'recovery_code_refused', 'an invented one does not');

-- Recovery codes and the end

select is(
    app.auth_recovery_codes(
        'aaaaaaaa-0000-4000-8000-0000000000f3', 1, array[sha256('code 3')], p_recovery_hash => sha256('code 2')
    ) ->> 'verdict',
    'ok',
    'new recovery codes are made on proof of both factors'
);
select is(pg_temp.login('d', null, 'code 2'), 'recovery_code_refused', 'and the old ones are void');
select is(
    app.auth_totp_disable('aaaaaaaa-0000-4000-8000-0000000000f3', 1) ->> 'verdict', 'totp_required',
    'a password alone does not remove the second factor'
);
select is(
    app.auth_totp_disable('aaaaaaaa-0000-4000-8000-0000000000f3', 1, 102) ->> 'verdict', 'ok', 'password and code do'
);
select is(
    app.auth_recovery_codes('aaaaaaaa-0000-4000-8000-0000000000f3', 1, array[sha256('code 4')]) ->> 'verdict', 'not_enrolled',
    'without a second factor there are no recovery codes'
);

select * from finish();
rollback;
