-- Webhooks: who may subscribe, what is sent in which order, what happens when nobody takes it, what is said of the secret.
-- (Over the wire, with signatures checked by the public library: tests/bff/test_webhooks.py.)

begin;
select plan(69);

insert into app.clock (frozen_at) values ('2026-03-02 08:00+07');
create function pg_temp.at(p_moment timestamptz) returns void
language sql
as $$ update app.clock set frozen_at = p_moment $$;
create function pg_temp.happened(p_topic text, p_keys text[], p_org text default 'alpha') returns void
language sql
as $$
    select app.emit_for(o.org_id, p_topic, p_keys, '{leads}', '{"n": 1}') from app.organizations o where o.slug = p_org
$$;
create function pg_temp.dispatched() returns integer
language sql
as $$ select app.dispatch_outbox('a worker') where app.take_lease('dispatcher', 'a worker') $$;
create temporary table claims on commit drop as select * from app.claim_webhooks(0);
create temporary table lost on commit drop as select * from claims;
grant all on claims, lost to public;
create function pg_temp.claimed() returns text
language sql
as $$
    delete from pg_temp.claims;
    insert into pg_temp.claims select * from app.claim_webhooks(100);
    select coalesce(string_agg(c.body::jsonb #>> '{data,key}', ' ' order by c.delivery_id), '') from pg_temp.claims c
$$;
create function pg_temp.dispatch() returns void
language sql
as $$ select pg_temp.dispatched() $$;
create function pg_temp.claim() returns void
language sql
as $$ select pg_temp.claimed() $$;
-- What the receiver answered to everything that was claimed.
create function pg_temp.answered(p_status integer, p_retry_after integer default null) returns void
language sql
as $$
    select app.settle_webhooks(c.org_id, c.webhook_id, c.results)
    from (
        select
            d.org_id, d.webhook_id,
            jsonb_agg(jsonb_build_object(
                'delivery_id', d.delivery_id, 'attempt', d.attempt, 'status', p_status, 'retry_after', p_retry_after
            )) as results
        from pg_temp.claims d
        group by 1, 2
    ) c
$$;
create function pg_temp.states() returns text
language sql
as $$
    select coalesce(string_agg(concat_ws(':', d.key, d.state), ' ' order by d.delivery_id), '') from app.webhook_deliveries d
$$;

-- Making one

create function pg_temp.refusal(p_who text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return tests.error_of($q$ select api.app_create_webhook('{"url": "https://example.com/", "topics": ["*"]}') $q$);
end
$$;
select is(pg_temp.refusal(w.who), 'PT403 permission.denied', w.who || ' subscribes to nothing')
from unnest(array['dir', 'mm', 'mc', 'sm', 'adm', 'sp1', 'stf', 'ss', 'exi', 'fin']) as w (who);

select tests.become('sa@alpha.test');
select is(
    tests.faults_of(format('select api.app_create_webhook(%L)', b.body)), array[b.fault], format('refused: %s', b.body)
)
from (
    values
        ('{"topics": ["*"]}'::jsonb, 'url webhook.url.required'),
        ('{"url": "ftp://example.com/", "topics": ["*"]}', 'url webhook.url.invalid'),
        ('{"url": "https://user:secret@example.com/", "topics": ["*"]}', 'url webhook.url.invalid'),
        ('{"url": "https://exa mple.com/", "topics": ["*"]}', 'url webhook.url.invalid'),
        ('{"url": "https://example.com/"}', 'topics webhook.topics.required'),
        ('{"url": "https://example.com/", "topics": []}', 'topics webhook.topics.range'),
        ('{"url": "https://example.com/", "topics": [1]}', 'topics webhook.topics.type'),
        ('{"url": "https://example.com/", "topics": ["leads.created", "loads.created"]}', 'topics webhook.topics.unknown'),
        ('{"url": "https://example.com/", "topics": ["leads"]}', 'topics webhook.topics.unknown'),
        ('{"url": "https://example.com/", "topics": ["*"], "secret": "mine"}', 'secret webhook.field.unknown')
) as b (body, fault);

select
    m.answer ->> 'webhook_id' as id, m.answer ->> 'secret' as secret, m.answer ->> 'topics' as topics
from api.app_create_webhook('{"url": "https://example.com/hook?a=b", "topics": ["leads.*", "leads.*"]}') as m (answer) \gset
select matches(:'secret'::text, '^whsec_[A-Za-z0-9+/]{43}=$', 'who makes a webhook is shown its secret');
select is(:'topics'::jsonb, '["leads.*"]', 'a topic counts once');
select ok(
    not api.app_get_webhook(:id) ? 'secret'
    and not api.app_list_webhooks() #> '{items,0}' ? 'secret',
    'and never again'
);
select is(tests.error_of('select from app.webhook_secrets'), '42501', 'nobody reads secrets');
select hasnt_column('api', 'webhooks', 'secret', 'no view has them');
select tests.become('dir@alpha.test');
select is(jsonb_array_length(api.app_list_webhooks() -> 'items'), 1, 'a director sees webhooks');
select tests.become('sa@beta.test');
select is(api.app_list_webhooks() -> 'items', '[]', 'another organisation sees none of them');
select is(
    tests.error_of(format('select api.%s', replace(c.call, '$', :'id'))), 'PT404 webhook.not_found',
    'and reaches none: ' || c.call
)
from unnest(array[
    'app_get_webhook($)', $q$app_update_webhook($, '{"is_active": false}')$q$, 'app_delete_webhook($)',
    'app_rotate_webhook_secret($)', 'app_replay_webhook($)', 'app_list_webhook_deliveries($)'
]) as c (call);

-- What is sent

select tests.become_owner();
select pg_temp.happened('leads.created', '{a}');
select pg_temp.happened('leads.updated', '{a,b}');
select pg_temp.happened('tickets.created', '{t}');
select pg_temp.happened('leads.created', '{z}', 'beta');
select cmp_ok(pg_temp.dispatched(), '>=', 5, 'events are sent');
select is(pg_temp.states(), 'a:ready a:queued b:ready', 'each is queued for whom it matters, of each key one at a time');
select is(pg_temp.claimed(), 'a b', 'the worker gets what is due');
select is(
    (select c.body::jsonb from claims c where c.body::jsonb #>> '{data,key}' = 'a') - 'timestamp',
    '{"type": "leads.created", "data": {"key": "a", "tags": ["leads"], "payload": {"n": 1}}}',
    'the body says what happened to what, and what to read again'
);
select is(c.secrets, array[:'secret'], 'with the secret that signs it')
from claims c
limit 1;
select is((select count(*) from app.claim_webhooks(100)), 0::bigint, 'what somebody is sending, nobody else sends');
select pg_temp.answered(200);
select is(pg_temp.states(), 'a:sent a:ready b:sent', 'when the first of a key has arrived, the next may go');
select is(pg_temp.claimed(), 'a', 'and goes');

-- What nobody takes

select pg_temp.happened('leads.updated', '{a,b}');
select pg_temp.dispatch();
select pg_temp.answered(503);
select is(pg_temp.claimed(), 'b', 'what failed waits, and holds back its own key only');
select pg_temp.answered(204);
select pg_temp.at('2026-03-02 08:00:04+07');
select is(pg_temp.claimed(), '', 'for the first pause, five seconds');
select pg_temp.at('2026-03-02 08:00:06+07');
select is(pg_temp.claimed(), 'a', 'then it is tried again');
select pg_temp.answered(429, 3600);
select pg_temp.at('2026-03-02 08:59:00+07');
select is(pg_temp.claimed(), '', 'a receiver that says when is not asked earlier');
select pg_temp.at('2026-03-02 09:01:00+07');
select is(pg_temp.claimed(), 'a', 'but then');
-- Somebody claimed it and was killed.
select pg_temp.at('2026-03-02 09:02:01+07');
insert into lost select * from claims;
select is(pg_temp.claimed(), 'a', 'what a killed worker had claimed is sent by another after a minute');
insert into app.settings (org_id, key, value) values ('a0000000-0000-4000-8000-000000000000', 'webhook_attempts', '5');
select app.settle_webhooks(
    l.org_id, l.webhook_id, jsonb_build_array(jsonb_build_object('delivery_id', l.delivery_id, 'attempt', l.attempt, 'status', 200))
) from lost l;
select is(pg_temp.states(), 'a:sent a:ready b:sent a:queued b:sent', 'who comes back late settles nothing');
select is((select c.attempt from claims c), 4, 'every attempt counts');
select pg_temp.answered(500);
select pg_temp.at('2026-03-02 10:00:00+07');
select pg_temp.claim();
select pg_temp.answered(500);
select is(pg_temp.states(), 'a:sent a:dead b:sent a:ready b:sent', 'after the last attempt it is dead, and the next of its key goes');
select results_eq(
    $$ select p.email from app.notifications n join app.profiles p using (org_id, user_id) where n.topic = 'webhooks.dead' order by 1 $$,
    array['mad@alpha.test', 'sa@alpha.test'], 'who looks after webhooks is told'
);

-- Again

select tests.become('sa@alpha.test');
select is(
    (api.app_list_webhook_deliveries(:id, 'dead') #> '{items,0}')
        - '{webhook_id,delivery_id,event_id,occurred_at,next_attempt_at,last_attempt_at,settled_at}'::text[],
    '{"topic": "leads.updated", "key": "a", "tags": ["leads"], "payload": {"n": 1}, "state": "dead", "attempts": 5, "last_status": 500, "last_error": "HTTP 500"}',
    'dead letters can be read'
);
select is(
    api.app_replay_webhook(:id) - 'webhook_id', '{"replayed": 1, "more": false}', 'and sent again'
);
select tests.become_owner();
select is(pg_temp.states(), 'a:sent a:queued b:sent a:ready b:sent', 'in their turn: one of a key at a time');
select is_empty($$ select from app.notifications n where n.topic = 'webhooks.dead' and n.resolved_at is null $$, 'which settles the matter');
select pg_temp.claim();
select pg_temp.answered(200);
select is(pg_temp.claimed(), 'a', 'then the replayed one');
select is((select c.message_id from claims c), (select l.message_id from lost l), 'with the id it had, so that receivers know it');
select pg_temp.answered(410);
select is(
    (select w.is_active from app.webhooks w where w.org_id = 'a0000000-0000-4000-8000-000000000000'), false,
    'a receiver that says it is gone is not asked any more'
);
select pg_temp.happened('leads.updated', '{c}');
select pg_temp.dispatch();
select is((select count(*) from app.webhook_deliveries d where d.key = 'c'), 0::bigint, 'a webhook that is off hears of nothing new');

-- Another secret, and the end

select tests.become('sa@alpha.test');
select is(api.app_update_webhook(:id, '{"is_active": true}') ->> 'is_active', 'true', 'it can be switched on again');
select api.app_rotate_webhook_secret(:id) ->> 'secret' as rotated \gset
select tests.become_owner();
select pg_temp.happened('leads.updated', '{d}');
select pg_temp.dispatch();
select pg_temp.claim();
select is(
    (select c.secrets from claims c), array[:'rotated', :'secret'],
    'after a change both secrets sign for a day'
);
select pg_temp.at('2026-03-03 10:01:00+07');
select pg_temp.claim();
select is((select cardinality(c.secrets) from claims c), 1, 'then only the new one');
select is(
    (select count(*) from app.audit_logs a where a.table_name = 'app.webhook_secrets' and a.action = 'ROTATE'), 1::bigint,
    'the change is in the audit trail'
);
select is_empty(
    $$ select from app.audit_logs a where concat(a.before_data, a.after_data) ~ 'secret' and a.table_name like 'app.webhook%' $$,
    'without any secret'
);
select tests.become('sa@alpha.test');
select is(api.app_delete_webhook(:id) ->> 'webhook_id', :'id', 'it can be deleted');
select is(api.app_list_webhooks() -> 'items', '[]', 'a deleted webhook is gone');
select tests.become_owner();
select is(pg_temp.claimed(), '', 'nothing is sent to it');
select is(app.clean_webhooks(1000), 6, 'a job clears up');
select is_empty('select from app.webhooks union all select from app.webhook_deliveries', 'a job forgets it with everything it was sent');

select * from finish();
rollback;
