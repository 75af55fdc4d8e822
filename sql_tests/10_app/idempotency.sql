-- A request that is repeated has one effect and the same answer; a key is one person's, for one operation, for a day.

begin;
select plan(22);

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF', 'primary_channel', 'SEM',
        'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
create temporary table answers (n integer generated always as identity, who text, body text, replayed text);
grant all on answers to public;
create function pg_temp.post(p_email text, p_key text, p_payload jsonb) returns void
language plpgsql
as $$
declare
    v_body text;
begin
    perform tests.become(p_email, jsonb_strip_nulls(jsonb_build_object('idempotency_key', p_key)));
    v_body := api.crm_create_lead_bundle(p_payload)::text;
    perform set_config('role', 'none', true);
    insert into answers (who, body, replayed) values (p_email, v_body, nullif(current_setting('pgcrm.replayed', true), ''));
end
$$;

select pg_temp.post('mc@alpha.test', 'k1', pg_temp.lead('PT One'));
select pg_temp.post('mc@alpha.test', 'k1', pg_temp.lead('PT One'));
-- The same request, written differently
select pg_temp.post(
    'mc@alpha.test', 'k1', (select jsonb_object_agg(e.key, e.value order by e.key desc) from jsonb_each(pg_temp.lead('PT One')) e)
);
select is(
    (select count(distinct a.body) from answers a), 1::bigint, 'case 28, P14: the same key three times, the same answer, byte for byte'
);
select results_eq(
    'select replayed from answers order by n', array[null, 'true', 'true'], 'case 28: and the repetitions say that they are'
);
select is((select count(*) from crm.leads), 1::bigint, 'case 28, P14: one lead');
select is(
    (select count(*) from app.audit_logs a where a.table_name = 'crm.leads'), 1::bigint, 'case 28: one entry in the audit trail'
);
select is((select count(*) from app.outbox o where o.topic = 'leads.created'), 1::bigint, 'case 28: one event');

select is(
    tests.error_of($$ select pg_temp.post('mc@alpha.test', 'k1', pg_temp.lead('PT Two')) $$),
    'PT422 idempotency.payload_mismatch',
    'case 29: the same key with another request is refused'
);
reset role;
select is((select count(*) from crm.leads), 1::bigint, 'case 29: and writes nothing');

select pg_temp.post('sp1@alpha.test', 'k1', pg_temp.lead('PT One'));
select pg_temp.post('mc@beta.test', 'k1', pg_temp.lead('PT One'));
select is((select count(*) from crm.leads), 3::bigint, 'case 30: the same key of other people is another request');
select is_empty(
    $$ select from answers where who <> 'mc@alpha.test' and replayed is not null $$, 'case 30: and is not answered with theirs'
);

select pg_temp.post('mc@alpha.test', null, pg_temp.lead('PT Without'));
select pg_temp.post('mc@alpha.test', null, pg_temp.lead('PT Without'));
select is(
    (select count(*) from crm.leads l where l.company_name = 'PT Without'), 2::bigint, 'P38: without a key each request counts: keys are the client''s, none is made up'
);
select is(
    (select count(*) from crm.customers c where c.company_name = 'PT Without'), 1::bigint, 'of one customer all the same'
);

-- Failures are not remembered

select is(
    tests.error_of($$ select pg_temp.post('mc@alpha.test', 'k2', pg_temp.lead('PT Three', '{"email": "no"}')) $$),
    'PT422 request.invalid',
    'a request that fails'
);
select is(
    tests.error_of($$ select pg_temp.post('mc@alpha.test', 'k2', pg_temp.lead('PT Three')) $$), null,
    'can be put right under the same key'
);

-- A day later

reset role;
update app.idempotency_keys set created_at = now() - interval '24 hours 1 second' where key = 'k1';
select pg_temp.post('mc@alpha.test', 'k1', pg_temp.lead('PT Later'));
select is(
    (select count(*) from crm.leads l where l.company_name = 'PT Later'), 1::bigint, 'after 24 hours a key is free again'
);
select pg_temp.post('mc@alpha.test', 'k1', pg_temp.lead('PT Later'));
select is(
    (select count(*) from crm.leads l where l.company_name = 'PT Later'), 1::bigint, 'and holds for its new request'
);

-- An operation has keys of its own

select tests.become('mc@alpha.test', '{"idempotency_key": "k1"}');
reset role;
select is(app.replay('another_operation', '{}'), null, 'the same key for another operation is another request');
select is(app.remember('another_operation', '{}', '{"b": 1, "a": 2}'), '{"a": 2, "b": 1}', 'whose answer is kept');
select is(app.replay('another_operation', '{}'), '{"a": 2, "b": 1}', 'and given again');

-- Nobody reads or writes what was answered

select tests.become('sa@alpha.test');
select is(tests.error_of(a.statement), '42501', a.statement || ' is denied')
from (values
    ('select response from app.idempotency_keys'),
    ('delete from app.idempotency_keys'),
    ($$ update app.idempotency_keys set response = '{}' $$)
) as a (statement);
select is_empty(
    $$
        select g.grantee
        from (values ('anon'), ('analyst')) as g (grantee)
        where has_function_privilege(g.grantee, 'app.replay(text, jsonb)', 'execute')
           or has_function_privilege(g.grantee, 'app.remember(text, jsonb, jsonb)', 'execute')
    $$,
    'analysts and visitors cannot call the helpers'
);

select * from finish();
rollback;
