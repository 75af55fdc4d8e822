-- The worker executes its few functions and nothing else; nobody else executes those.

begin;
select plan(11);

select results_eq(
    $$
        select p.oid::regprocedure::text collate "default"
        from pg_proc p
        join tests.v_our_schemas s on s.oid = p.pronamespace
        where s.nspname <> 'tests'
          and has_schema_privilege('pgcrm_worker', s.oid, 'usage')
          and has_function_privilege('pgcrm_worker', p.oid, 'execute')
        order by 1
    $$,
    array[
        'app.begin_job(text,boolean)', 'app.claim_webhooks(integer,bigint[])', 'app.dispatch_outbox(text,integer)', 'app.event_channel()', 'app.fail_job(text,text)', 'app.job_overview()',
        'app.release_lease(text,text)', 'app.run_due_jobs(integer)', 'app.settle_webhooks(uuid,bigint,jsonb)', 'app.take_lease(text,text,integer)', 'app.work_job(text,integer)'
    ],
    'design §4: the worker executes these functions'
);
select is_empty(
    $$
        select p.oid::regprocedure
        from pg_proc p
        join tests.v_our_schemas s on s.oid = p.pronamespace
        where s.nspname not in ('app', 'tests') and has_function_privilege('pgcrm_worker', p.oid, 'execute')
    $$,
    'and none outside of schema app'
);
select is_empty(
    $$
        select c.oid::regclass, p.privilege
        from pg_class c
        join tests.v_our_schemas s on s.oid = c.relnamespace
        cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) as p (privilege)
        where c.relkind in ('r', 'p', 'v', 'm')
          and (
              has_table_privilege('pgcrm_worker', c.oid, p.privilege)
              or p.privilege in ('select', 'insert', 'update', 'references')
              and has_any_column_privilege('pgcrm_worker', c.oid, p.privilege)
          )
    $$,
    'it has no privilege on any table, view or column'
);
select is_empty(
    $$
        select s.nspname
        from tests.v_our_schemas s
        where has_schema_privilege('pgcrm_worker', s.oid, 'create')
           or s.nspname <> 'app' and has_schema_privilege('pgcrm_worker', s.oid, 'usage')
        union all
        select g.rolname
        from pg_roles g
        where g.rolname <> 'pgcrm_worker' and pg_has_role('pgcrm_worker', g.oid, 'member')
    $$,
    'it looks into no other schema, makes nothing and is a member of nothing: it speaks for nobody'
);
select is_empty(
    $$
        select p.oid::regprocedure, r.rolname
        from pg_proc p
        cross join pg_roles r
        where p.oid in (
            'app.claim_webhooks(integer,bigint[])'::regprocedure, 'app.settle_webhooks(uuid,bigint,jsonb)'::regprocedure,
            'app.begin_job(text,boolean)'::regprocedure, 'app.dispatch_outbox(text,integer)'::regprocedure, 'app.fail_job(text,text)'::regprocedure,
            'app.job_overview()'::regprocedure, 'app.event_channel()'::regprocedure, 'app.release_lease(text,text)'::regprocedure,
            'app.run_due_jobs(integer)'::regprocedure, 'app.take_lease(text,text,integer)'::regprocedure, 'app.work_job(text,integer)'::regprocedure
        )
          and r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'analyst', 'pgcrm_gateway', 'pgcrm_bff')
          and has_function_privilege(r.oid, p.oid, 'execute')
    $$,
    'people, analysts and the BFF execute none of them'
);
select is_empty(
    $$
        select p.oid::regprocedure, r.rolname
        from pg_proc p
        cross join pg_roles r
        where p.pronamespace = 'app'::regnamespace
          and (p.proname like 'clean\_%' or p.proname in ('enqueue_job', 'emit_for', 'do_scheduled_job', 'do_queued_job', 'settle_work', 'hold_lease', 'job_schedule'))
          and r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'analyst', 'pgcrm_gateway', 'pgcrm_bff', 'pgcrm_worker')
          and has_function_privilege(r.oid, p.oid, 'execute')
    $$,
    'what jobs do, and ordering them, is for functions of the owner only'
);

-- As the worker's own log-in
set local session authorization pgcrm_worker;
select throws_ok($$ select from app.outbox $$, '42501', null, 'the worker cannot read events');
select throws_ok($$ select app.enter('a0000000-0000-4000-8000-000000000001') $$, '42501', null, 'the worker cannot be a person');
select ok(app.take_lease('jobs', 'a worker'), 'the worker takes a lease');
select matches(app.event_channel(), '^pgcrm_[0-9a-f]{32}$', 'and learns where events are published, a name that nobody guesses');
select is(app.event_channel(), app.event_channel(), 'always the same');
reset session authorization;

select * from finish();
rollback;
