-- What is forgotten, and what must not be: answers after a day, events a week after they were sent, log-ins that are over, old runs.

begin;
select plan(16);

create function pg_temp.org(p_slug text) returns uuid
language sql
as $$ select o.org_id from app.organizations o where o.slug = p_slug $$;

-- Answers of repeated requests

insert into app.idempotency_keys (org_id, user_id, operation, key, request_hash, response, created_at)
select pg_temp.org(k.slug), gen_random_uuid(), 'x', k.slug || k.age, '', '', now() - k.age
from (
    values
        ('alpha', interval '25 hours'), ('alpha', interval '23 hours'), ('beta', interval '2 days'), ('beta', interval '1 hour'),
        ('gamma', interval '24 hours')
) as k (slug, age);
select is(app.clean_idempotency_keys(2), 2, 'a chunk has a limit');
select is(array[app.clean_idempotency_keys(100), app.clean_idempotency_keys(100)], array[1, 0], 'the next one does the rest');
select is(
    (select array_agg(k.key order by k.key) from app.idempotency_keys k), array['alpha23:00:00', 'beta01:00:00'],
    'answers are kept for 24 hours (design §5)'
);

-- Events

insert into app.outbox (org_id, topic, key, sent_at)
select pg_temp.org(e.slug), 'leads.created', concat(e.slug, e.days), now() - e.days * interval '1 day'
from (values ('alpha', 8), ('alpha', 6), ('alpha', null), ('beta', 8), ('beta', 31), ('gamma', 2)) as e (slug, days);
insert into app.settings (org_id, key, value)
values (pg_temp.org('beta'), 'outbox_keep_days', '30'), (pg_temp.org('gamma'), 'outbox_keep_days', '1');
select is(array[app.clean_outbox(100), app.clean_outbox(100)], array[3, 0], 'events go in chunks');
select is(
    (select array_agg(o.key order by o.key) from app.outbox o), array['alpha', 'alpha6', 'beta8'],
    'each organisation''s after as many days as it has set, seven otherwise'
);
select is((select count(*) from app.outbox o where o.sent_at is null), 1::bigint, 'what was not sent stays');
select tests.become('sa@alpha.test');
select is(
    tests.error_of($$ select api.app_set_setting('outbox_keep_days', '0') $$), 'PT422 setting.invalid',
    'an organisation cannot have its events forgotten before anybody looks'
);
reset role;

-- Log-ins

insert into app.sessions (org_id, user_id, family_hash, token_hash, rotated_at, created_at, expires_at, revoked_at, revoked_reason)
select
    pg_temp.org('alpha'), tap.uid('sp1@alpha.test'), sha256(s.name::bytea), sha256('x'), now(), now(), now() + s.ends, now() + s.revoked,
    case when s.revoked is not null then 'logout' end
from (
    values
        ('alive', interval '1 day', null::interval), ('ended', interval '-29 days', null), ('long ended', interval '-31 days', null),
        ('revoked', interval '1 day', interval '-29 days'), ('long revoked', interval '1 day', interval '-31 days')
) as s (name, ends, revoked);
insert into app.login_attempts (kind, key_hash, failed_count, counted_at)
values ('account', sha256('old'), 5, now() - interval '16 minutes'), ('account', sha256('new'), 5, now() - interval '14 minutes');
insert into app.db_logins (login, user_id, kind, expires_at)
values
    ('gone', tap.uid('sp1@alpha.test'), 'psql', now() - interval '1 second'),
    ('pgcrm_worker', tap.uid('sp1@alpha.test'), 'psql', now() - interval '1 second'),
    ('gone and lasting', tap.uid('sp1@alpha.test'), 'analyst', null);
insert into app.download_tokens (token_hash, target_hash, org_id, user_id, created_at, expires_at)
select sha256(d.name::bytea), sha256('x'), pg_temp.org('alpha'), tap.uid('sp1@alpha.test'), now() + d.ends - interval '1 minute', now() + d.ends
from (values ('waiting', interval '1 second'), ('unused', interval '0')) as d (name, ends);
select is(app.clean_log_ins(100), 5, 'sessions, attempts, log-ins and download tokens that are over go');
select is((select array_agg(d.token_hash) from app.download_tokens d), array[sha256('waiting')], 'a download token stays its minute');
select is(
    (select array_agg(s.family_hash order by s.family_hash) from app.sessions s),
    (select array_agg(sha256(n::bytea) order by sha256(n::bytea)) from unnest(array['alive', 'ended', 'revoked']) n),
    'sessions stay 30 days after their end, so that a late reuse is recognised'
);
select is((select count(*) from app.login_attempts a), 1::bigint, 'failures stay as long as they count');
select is(
    (select array_agg(l.login::text order by l.login) from app.db_logins l), array['gone and lasting', 'pgcrm_worker'],
    'an expired log-in that Postgres still knows keeps its row: `pgcrm psql` drops both'
);

-- Runs

insert into app.job_runs (job_key, state, attempt, holder, started_at, worked_at, finished_at)
select 'clean.jobs', 'done', 1, 'x', now() - d * interval '1 day', now(), now() - d * interval '1 day' from unnest(array[50, 40, 31, 29]) d;
insert into app.job_runs (job_key, state, attempt, holder, started_at, worked_at, finished_at)
values ('clean.outbox', 'failed', 1, 'x', now(), now(), now() - interval '40 days');
insert into app.job_queue (org_id, kind, ref_id, state, run_after, created_at, finished_at)
select pg_temp.org('alpha'), 'x', 1, q.state, now(), now(), now() - q.days * interval '1 day'
from (values ('done', 31), ('done', 29), ('dead', 31), ('waiting', null)) as q (state, days);
select is(app.clean_jobs(3), 3, 'runs go in chunks');
select is(app.clean_jobs(100), 1, 'and done work');
select is((select count(*) from app.job_runs r), 2::bigint, 'the last run of each job stays, however old');
select is(
    (select array_agg(q.state order by q.state) from app.job_queue q), array['dead', 'done', 'waiting'],
    'and work that is dead, for somebody to look at'
);

select * from finish();
rollback;
