-- Signing keys: one signs, those of yesterday still verify, and processes that start together agree on one.

begin;
select plan(9);

insert into app.clock (frozen_at) values ('2026-03-02 02:00:00+00');
delete from app.signing_keys;

select is(app.auth_signing_keys(), '[]', 'a new database has no key');
select is(
    app.auth_signing_keys('first-key', sha256('1')),
    jsonb_build_array(jsonb_build_object(
        'kid', 'first-key', 'algorithm', 'EdDSA', 'private_key', encode(sha256('1'), 'hex'), 'signs', true
    )),
    'the first process brings one'
);
select is(
    app.auth_signing_keys('other-key', sha256('2')) #>> '{0,kid}', 'first-key', 'the next one takes that instead of its own'
);
select is(jsonb_array_length(app.auth_signing_keys()), 1, 'so there is one');
update app.clock set frozen_at = '2026-05-31 02:00:00+00';
select is(app.auth_signing_keys() #>> '{0,signs}', 'false', 'after ninety days it signs no longer');
select is(
    app.auth_signing_keys('second-key', sha256('3')) #>> '{0,kid}', 'second-key', 'and whoever notices brings the next'
);
select is(
    jsonb_path_query_array(app.auth_signing_keys(), '$[*].kid'), '["second-key", "first-key"]',
    'the old one goes on verifying what it signed'
);
update app.clock set frozen_at = '2026-06-01 02:00:00+00';
select is(jsonb_path_query_array(app.auth_signing_keys(), '$[*].kid'), '["second-key"]', 'for a day');
select throws_ok(
    $$ insert into app.signing_keys values ('third-key', 'HS256', sha256('4'), app.now(), app.now() + interval '1 day') $$,
    '23514', null, 'only Ed25519 keys are kept'
);

select * from finish();
rollback;
