-- Jobs run when they are due, each on its own: what fails waits and is tried again, what is too long goes on in chunks, and what
-- nobody ended counts as failed.

begin;
select plan(43);

insert into app.clock (frozen_at) values ('2026-03-01 12:00+00');
create function pg_temp.clock(p_forward interval) returns void
language sql
as $$ update app.clock set frozen_at = frozen_at + p_forward $$;

-- Jobs of this test's own, in place of the real ones.
delete from app.jobs;
create temporary table done (n integer generated always as identity, job text, org_id uuid) on commit drop;
grant all on done to public;
create or replace function app.do_scheduled_job(p_job_key text, p_org_id uuid, p_limit integer) returns integer
language plpgsql
as $$
begin
    if p_job_key = 'bad' and not exists (select from pg_temp.done d where d.job = 'mended') then
        raise exception 'This job does not work.' using hint = 'job.broken';
    end if;
    insert into pg_temp.done (job, org_id) values (p_job_key, p_org_id);
    -- The long one has three chunks.
    return case when p_job_key = 'long' and (select count(*) from pg_temp.done d where d.job = 'long') < 3 then p_limit else 7 end;
end
$$;
create or replace function app.do_queued_job(p_org_id uuid, p_kind text, p_ref_id bigint, p_payload jsonb) returns boolean
language plpgsql
as $$
begin
    if p_kind = 'bad' then
        raise exception 'This work cannot be done.' using hint = 'work.broken';
    end if;
    insert into pg_temp.done (job, org_id) values (p_kind || p_ref_id, p_org_id);
    return p_kind = 'chunks' and (select count(*) from pg_temp.done d where d.job = p_kind || p_ref_id and d.org_id = p_org_id) < 3;
end
$$;
-- What the runner does, in one transaction: a failure is taken down afterwards.
create function pg_temp.run(p_milliseconds integer default 0) returns text
language plpgsql
as $$
declare
    v_work jsonb := app.begin_job('runner');
    v_error text;
begin
    if v_work is null then
        return null;
    end if;
    v_error := tests.error_of(format('select app.work_job(%L, %s)', 'runner', p_milliseconds));
    if v_error is not null then
        perform app.fail_job('runner', v_error);
        return (v_work ->> 'name') || ' failed';
    end if;
    return v_work ->> 'name';
end
$$;

select is(tests.error_of($$ select app.begin_job('runner') $$), 'PT409 lease.lost', 'without the lease nobody begins a job');
select ok(app.take_lease('jobs', 'runner'), 'the runner has the lease');
select is(app.begin_job('runner'), null, 'nothing is due');
select is(app.work_job('runner'), null, 'and what was not begun is not done');

-- Again and again

insert into app.jobs (job_key, description, every) values ('short', 'a job', '15 minutes');
select is(pg_temp.run(), 'short', 'a new job is due at once');
select is(pg_temp.run(), null, 'and then not again');
select results_eq(
    $$ select state, attempt, row_count, holder, started_at = app.now() and finished_at = app.now() from app.job_runs $$,
    $$ values ('done', 1, 7::bigint, 'runner', true) $$,
    'its run is on record'
);
select pg_temp.clock('14 minutes 59 seconds');
select is(pg_temp.run(), null, 'before its time it is not due');
select pg_temp.clock('1 second');
select is(pg_temp.run(), 'short', 'after that it is');
update app.jobs set is_enabled = false where job_key = 'short';
select pg_temp.clock('1 day');
select is(pg_temp.run(), null, 'a job that is switched off is never due');

-- One that fails

insert into app.jobs (job_key, description, every) values ('bad', 'fails', '1 hour'), ('good', 'works', '1 hour');
select is(pg_temp.run(), 'bad failed', 'a job fails');
select is(pg_temp.run(), 'good', 'and does not keep the others');
select is(pg_temp.run(), null, 'it is not tried again at once');
select ok(
    (select r.message = 'P0001 job.broken' and r.state = 'failed' from app.job_runs r where r.job_key = 'bad'),
    'why it failed is on record'
);
select pg_temp.clock('30 seconds');
select is(pg_temp.run(), 'bad failed', 'it is tried again after half a minute');
select pg_temp.clock('59 seconds');
select is(pg_temp.run(), null, 'and then after twice that');
insert into done (job) values ('mended');
select pg_temp.clock('1 second');
select is(pg_temp.run(), 'bad', 'a minute');
select is(
    (select string_agg(r.attempt || ' ' || r.state, ', ' order by r.run_id) from app.job_runs r where r.job_key = 'bad'),
    '1 failed, 2 failed, 3 done', 'attempts in a row are counted'
);
select pg_temp.clock('1 hour');
select is(array[pg_temp.run(), pg_temp.run()], array['good', 'bad'], 'once it worked it is like the others');
select is(app.job_pause(20), interval '1 hour', 'nothing waits longer than an hour');
delete from app.jobs;

-- A long one

insert into app.jobs (job_key, description, every) values ('long', 'three chunks', '1 hour');
select is(pg_temp.run(), 'long', 'a long job does a chunk');
insert into app.jobs (job_key, description, every) values ('other', 'a job', '1 hour');
select is(pg_temp.run(), 'other', 'others get their turn between its chunks');
select is(
    array[pg_temp.run(), pg_temp.run(), pg_temp.run()], array['long', 'long', null], 'it goes on until nothing is left'
);
select results_eq(
    $$ select state, row_count from app.job_runs where job_key = 'long' $$, $$ values ('done', 2007::bigint) $$,
    'all of it is one run'
);
delete from app.jobs;

-- Daily, where the organisation is

insert into app.settings (org_id, key, value) select org_id, 'time_zone', '"Pacific/Auckland"' from app.organizations where slug = 'beta';
update app.organizations set is_active = false where slug = 'gamma';
delete from done;
update app.clock set frozen_at = '2026-03-10 16:59:59+00'; -- Jakarta 23:59:59, Auckland 05:59:59 on the 11th
insert into app.jobs (job_key, description, daily_at) values ('daily', 'a day each', '00:00');
select is(array[pg_temp.run(), pg_temp.run(), pg_temp.run()], array['daily', 'daily', null], 'a daily job runs for each active organisation');
select pg_temp.clock('1 second');
select is(array[pg_temp.run(), pg_temp.run()], array['daily', null], 'and again when the day ends');
select is(
    (select o.slug from done d join app.organizations o using (org_id) order by d.n desc limit 1), 'alpha',
    'where the organisation is: it is midnight in Jakarta and morning in Auckland'
);
delete from app.jobs;

-- Killed at it

insert into app.jobs (job_key, description, every) values ('short', 'a job', '1 hour');
select is(app.begin_job('runner') ->> 'name', 'short', 'a job was begun');
update app.leases set expires_at = '-infinity' where name = 'jobs';
select ok(app.take_lease('jobs', 'another'), 'and its runner killed: another takes over');
select is(tests.error_of($$ select app.work_job('runner') $$), 'PT409 lease.lost', 'the first one cannot end it');
select is(app.begin_job('another'), null, 'what nobody ended has failed and waits');
select is(
    (select r.message from app.job_runs r where r.state = 'failed'), 'Its runner ended in the middle of it.', 'which is on record'
);
select ok(app.release_lease('jobs', 'another') and app.take_lease('jobs', 'runner'), 'the lease changes hands');
delete from app.jobs;
delete from done;

-- Queued work

create temporary table orders on commit drop as
select o.slug, app.enqueue_job(o.org_id, 'chunks', 5) as job_id from app.organizations o where o.slug in ('alpha', 'beta');
select is(
    (select app.enqueue_job(o.org_id, 'chunks', 5) from app.organizations o where o.slug = 'alpha'),
    (select job_id from orders where slug = 'alpha'),
    'work ordered twice while it waits is one order'
);
create function pg_temp.run_for_seconds() returns bigint
language sql
as $$ select count(t.what) from (select pg_temp.clock('1 second'), pg_temp.run() as what from generate_series(1, 8)) t $$;
select is(pg_temp.run_for_seconds(), 6::bigint, 'two orders of three chunks are six');
select results_eq(
    $$ select o.slug, q.state, q.chunks, q.attempts from app.job_queue q join app.organizations o using (org_id) order by 1 $$,
    $$ values ('alpha', 'done', 3, 1), ('beta', 'done', 3, 1) $$,
    'it is done in chunks, a little of each organisation''s'
);
select is(
    (select string_agg(o.slug, ' ' order by d.n) from done d join app.organizations o using (org_id)),
    'alpha beta alpha beta alpha beta', 'nobody waits until another''s work is done'
);
select app.enqueue_job(o.org_id, 'bad', 1, '{}', app.now() + interval '1 minute') from app.organizations o where o.slug = 'alpha';
select is(pg_temp.run(), null, 'work can be ordered for later');
create function pg_temp.try_for_hours() returns bigint
language sql
as $$
    select count(t.what) from (select pg_temp.clock('1 hour'), pg_temp.run() as what from generate_series(1, 8)) t
$$;
select is(pg_temp.try_for_hours(), 5::bigint, 'work that fails is tried five times');
select ok(
    (app.job_overview() -> 'queue' -> 0) @> '{"state": "dead", "attempts": 5, "kind": "bad", "ref_id": 1, "organisation": "alpha"}'
    and app.job_overview() -> 'queue' -> 0 ->> 'last_error' = 'P0001 work.broken',
    'then it is dead, for everybody who runs this to see'
);
select isnt(
    (select app.enqueue_job(o.org_id, 'bad', 1) from app.organizations o where o.slug = 'alpha'),
    (select q.job_id from app.job_queue q where q.state = 'dead'),
    'and can be ordered anew'
);

-- Called by a scheduler that gives a call one transaction

select is(app.run_due_jobs(), null, 'while a runner is at work, a scheduler''s calls leave it to him');
select app.release_lease('jobs', 'runner');
delete from done;
insert into app.jobs (job_key, description, every) values ('bad', 'fails', '1 hour'), ('good', 'works', '1 hour');
select app.enqueue_job(o.org_id, 'once', 9) from app.organizations o where o.slug = 'alpha';
-- Two of some may fail by chance: not a hundred.
select count(tests.error_of('select app.run_due_jobs()')) between 1 and 98 as some_calls_fail from generate_series(1, 100);
select is(
    (select array_agg(d.job order by d.job) from done d), array['good', 'once9'],
    'a job that fails fails a call, and others are done by other calls, each once'
);

select * from finish();
rollback;
