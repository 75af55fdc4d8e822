-- Download tokens: for whoever may have the export, for that export alone, once, within a minute (BF-38).

begin;
select plan(19);

insert into app.clock (frozen_at) values ('2026-03-02 02:00:00+00');

create function pg_temp.made(p_token text, p_resource text default 'conflicts') returns text
language sql
as $$
    select tests.error_of(format(
        'select api.app_create_download_token(%L, %L, sha256(%L), sha256(%L))', p_resource, 'select', p_token, 'this'
    ))
$$;
create function pg_temp.redeemed(p_token text, p_target text default 'this') returns text
language sql
as $$
    select coalesce(r.answer ->> 'user_id', r.answer ->> 'verdict')
    from app.auth_redeem_download(sha256(p_token::bytea), sha256(p_target::bytea)) as r (answer)
$$;
grant execute on all functions in schema pg_temp to public;

select tests.become('adm@alpha.test');
select is(pg_temp.made('one'), null, 'case 159: given export with token of M, then allowed');
select is(
    api.app_create_download_token('conflicts', 'select', sha256('two'), sha256('this')) ->> 'expires_at',
    '2026-03-02T02:01:00+00:00', 'for sixty seconds'
);
select tests.become('stf@alpha.test');
select is(pg_temp.made('staff', 'deleted_reservations'), 'PT403 permission.denied', 'case 159: staff -> 403 for what they may not export');
select is(
    tests.error_of($$ select * from app.download_tokens $$), '42501', 'nobody reads the tokens, their own neither'
);
select is(
    tests.error_of($$ select app.auth_redeem_download(sha256('one'), sha256('this')) $$), '42501',
    'and nobody redeems one but the gateway'
);
select tests.become('mad@alpha.test');
select is(
    (select count(*) from generate_series(1, 20) n where pg_temp.made('m' || n) is null), 20::bigint, 'twenty may wait for one person'
);
select is(pg_temp.made('m21'), 'PT429 download.too_many', 'and not one more');
reset role;
update app.download_tokens set created_at = created_at - interval '1 minute', expires_at = expires_at - interval '1 minute' where user_id = tap.uid('mad@alpha.test');
select tests.become('mad@alpha.test');
select is(pg_temp.made('m21'), null, 'until their minute is over');
select tests.become_nobody();
select is(pg_temp.made('nobody'), 'PT401 auth.required', 'case 159: no token -> 401');
reset role;

select is(pg_temp.redeemed('one', 'that'), 'unknown', 'a token is for its own path and query');
select is(pg_temp.redeemed('other'), 'unknown', 'a guess is nobody''s');
select is(pg_temp.redeemed('one'), tap.uid('adm@alpha.test')::text, 'and says whose it is');
select is(pg_temp.redeemed('one'), 'unknown', 'once');
delete from app.download_tokens where user_id = tap.uid('mad@alpha.test');
update app.clock set frozen_at = '2026-03-02 02:01:00+00';
select is(pg_temp.redeemed('two'), 'unknown', 'not after its minute');
select is((select count(*) from app.download_tokens d), 1::bigint, 'what was used is gone; what was not waits for the job');
select throws_ok(
    $$ update app.download_tokens set expires_at = created_at + interval '61 seconds' $$, '23514', null,
    'no token can live longer'
);
select throws_ok(
    $$ update app.download_tokens set token_hash = 'two' $$, '23514', null, 'and none is stored but as its hash'
);
select is_empty(
    $$ select from pg_trigger t where t.tgrelid = 'app.download_tokens'::regclass and not t.tgisinternal $$,
    'no trigger copies tokens into the audit trail or the outbox'
);
select is_empty(
    $$ select from app.idempotency_keys k where k.operation like '%download%' $$, 'no stored answer keeps one'
);

select * from finish();
rollback;
