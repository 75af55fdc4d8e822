-- Refresh tokens: each counts once, but for a short grace in which a repetition gets the same answer; an old one
-- that comes back ends the session.

begin;
select plan(21);

insert into app.clock (frozen_at) values ('2026-03-02 02:00:00+00');
select from app.create_organization('Refresh test', 'auth-refresh-test', 'aaaaaaaa-0000-4000-8000-000000000002');
select from app.create_profile(
    'aaaaaaaa-0000-4000-8000-000000000002', 'eve@refresh.test', 'Eve', 'salesperson', 'SAL',
    null, 'aaaaaaaa-0000-4000-8000-0000000000e2'
);
select from app.set_password('aaaaaaaa-0000-4000-8000-0000000000e2', '$argon2id$eve');

create function pg_temp.login(p_family text) returns text
language sql
as $$
    select app.auth_succeed(
        'aaaaaaaa-0000-4000-8000-0000000000e2', 1, sha256(p_family::bytea), sha256('first'), 30 * 86400
    ) ->> 'verdict'
$$;
create function pg_temp.refresh(p_family text, p_old text, p_new text) returns text
language sql
as $$
    select coalesce(nullif(a.answer ->> 'verdict', 'ok'), a.answer ->> 'salt')
    from app.auth_refresh(
        sha256(p_family::bytea), sha256(p_old::bytea), sha256(p_new::bytea), decode(md5(p_new), 'hex')
    ) as a (answer)
$$;

select is(pg_temp.login('one'), 'ok', 'a session');
select is(pg_temp.refresh('one', 'first', 'second'), md5('second'), 'a token is replaced, and the salt is the one given');
select is(
    pg_temp.refresh('one', 'first', 'other'), md5('second'),
    'the same token again at once: the salt of its successor, so two tabs end with one token'
);
select is(pg_temp.refresh('one', 'second', 'third'), md5('third'), 'the successor is replaced in turn');
select is(pg_temp.refresh('one', 'second', 'other'), md5('third'), 'and has its grace');
update app.clock set frozen_at = '2026-03-02 02:00:10+00';
select is(pg_temp.refresh('one', 'second', 'other'), 'reused', 'after ten seconds a token that was replaced is reuse');
select is(pg_temp.refresh('one', 'third', 'fourth'), 'ended', 'and the whole session is over, for thief and owner');
select results_eq(
    $$ select action, after_data ->> 'reason' from app.audit_logs
       where action = 'token_reused' and org_id = 'aaaaaaaa-0000-4000-8000-000000000002' $$,
    $$ values ('token_reused', 'reuse') $$,
    'reuse is audited'
);

select from pg_temp.login('two');
select from pg_temp.refresh('two', 'first', 'second');
select from pg_temp.refresh('two', 'second', 'third');
select is(
    pg_temp.refresh('two', 'first', 'other'), 'reused',
    'a token older than the one before is reuse at once, however little time has passed'
);
select is(pg_temp.refresh('never', 'first', 'second'), 'unknown', 'a family that does not exist is nobody''s');

select from pg_temp.login('three');
select is(pg_temp.refresh('three', 'guess', 'other'), 'reused', 'a family with a secret that never was ends as well');

select from pg_temp.login('four');
select lives_ok($$ select app.auth_logout(sha256('four')) $$, 'log-out');
select lives_ok($$ select app.auth_logout(sha256('four')) $$, 'twice does no harm');
select is(pg_temp.refresh('four', 'first', 'second'), 'ended', 'a session that was logged out is over');

select from pg_temp.login('five');
select from pg_temp.login('six');
select is(
    app.auth_logout_all('aaaaaaaa-0000-4000-8000-0000000000e2', 'aaaaaaaa-0000-4000-8000-0000000000e2'), 2,
    'log-out everywhere ends what is alive'
);
select is(
    array[pg_temp.refresh('five', 'first', 'x'), pg_temp.refresh('six', 'first', 'x')], array['ended', 'ended'],
    'and no refresh token works any more'
);

select from pg_temp.login('seven');
update app.clock set frozen_at = '2026-03-09 02:00:10+00';
select is(pg_temp.refresh('seven', 'first', 'second'), 'ended', 'a session that was not used for seven days is over');
select from pg_temp.login('eight');
update app.sessions set rotated_at = '2026-04-08 02:00:00+00' where family_hash = sha256('eight');
update app.clock set frozen_at = '2026-04-08 02:00:10+00';
select is(pg_temp.refresh('eight', 'first', 'second'), 'ended', 'and so is one at the end of its life, used or not');

select from pg_temp.login('nine');
select results_eq(
    $$ select count(*)::integer from app.sessions where user_id = 'aaaaaaaa-0000-4000-8000-0000000000e2' $$, array[3],
    'a log-in sweeps what ended thirty days ago'
);
update app.organizations set is_active = false where org_id = 'aaaaaaaa-0000-4000-8000-000000000002';
select is(pg_temp.refresh('nine', 'first', 'second'), 'ended', 'nobody of a deactivated organisation refreshes');
update app.organizations set is_active = true where org_id = 'aaaaaaaa-0000-4000-8000-000000000002';
select is(pg_temp.refresh('nine', 'first', 'second'), 'ended', 'and its return does not revive the session');

select * from finish();
rollback;
