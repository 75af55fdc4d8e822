-- Files of members that are taken back: records that are as they came go, and with the last of them their database.

begin;
select plan(34);
\ir _files.psql
\ir _undo.psql

-- user1 … as a file of a record module; the first is line 2.
create function pg_temp.members(p_name text, p_count integer, p_module text default 'member_wd') returns bigint
language plpgsql
as $$
declare
    v_rows jsonb := (
        select jsonb_agg(jsonb_build_object('username', p_name || n, 'name', 'Name ' || p_name || n) order by n) from generate_series(1, p_count) n
    );
    v_import_id bigint;
begin
    v_import_id := api.ingest_create_import(
        'member_records', p_name || '.csv', 'text/csv', 1, encode(sha256(convert_to(p_name, 'UTF8')), 'hex'), 'import-files',
        gen_random_uuid()::text, '{username,name}', null,
        jsonb_build_object('record_module', p_module, 'name', p_name, 'product_id', (select p.product_id from api.products p where p.name = 'P1'))
    ) ->> 'import_id';
    perform api.ingest_stage_rows(
        v_import_id, array_agg(r.position + 1 order by r.position), array_agg(r.value::text order by r.position), array_agg(null::text)
    )
    from jsonb_array_elements(v_rows) with ordinality as r (value, position);
    perform api.ingest_finish_staging(v_import_id, p_count);
    insert into ids values (p_name, v_import_id, 'member_records') on conflict (name) do update set import_id = excluded.import_id;
    return v_import_id;
end
$$;
create function pg_temp.database(p_name text) returns bigint
language sql
security definer
as $$ select d.database_id from members.databases d join ids i using (import_id) where i.name = p_name $$;
create function pg_temp.record(p_name text, p_row_no bigint) returns bigint
language sql
as $$ select pg_temp.made(p_name, p_row_no)::bigint $$;
create function pg_temp.ids_of(p_name text, variadic p_row_nos bigint[]) returns jsonb
language sql
as $$ select jsonb_build_object('record_ids', (select jsonb_agg(pg_temp.record(p_name, n)) from unnest(p_row_nos) n)) $$;
create function pg_temp.assign(p_name text, variadic p_row_nos bigint[]) returns void
language sql
as $$
    select api.members_assign_records('member_wd', pg_temp.ids_of(p_name, variadic p_row_nos) || jsonb_build_object('staff_id', tap.uid('stf@alpha.test')))
$$;
create function pg_temp.reserve(p_customer text) returns void
language sql
as $$
    select api.members_reserve(jsonb_build_object(
        'customer_id', p_customer, 'product_id', (select p.product_id from api.products p where p.name = 'P1'), 'staff_id', tap.uid('stf@alpha.test')
    ))
$$;
-- As screens show it, and whether that is what there is.
create function pg_temp.numbers(p_name text) returns text
language sql
as $$
    select format('%s available, %s assigned, %s archived, %s excluded = %s', c.available_count, c.assigned_count, c.archived_count, c.excluded_count, c.total_records)
    from api.v_database_counts c
    where c.database_id = pg_temp.database(p_name)
$$;
create function pg_temp.miscounted() returns bigint
language sql
security definer
as $$
    select count(*)
    from (
        select r.org_id, r.database_id, r.status, count(*) as n from members.records r group by 1, 2, 3
    ) r
    full join (
        select c.org_id, c.database_id, s.status, sum(s.n) as n
        from members.record_counts c
        cross join lateral (
            values ('available', c.available), ('requested', c.requested), ('assigned', c.assigned), ('invalid_archived', c.archived)
        ) as s (status, n)
        group by 1, 2, 3
    ) c using (org_id, database_id, status)
    where coalesce(r.n, 0) <> coalesce(c.n, 0)
$$;

-- Something is there before: a list, and a customer of the next file is reserved

select tests.become('adm@alpha.test');
select api.members_create_product('{"name": "P1"}');
select pg_temp.members('old', 5);
select is(pg_temp.done('old'), 'completed: 5 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a list of members that stays');
select pg_temp.reserve('new3');
select tests.become_owner();
insert into states select 'before', pg_temp.state('members');

-- All of it

select tests.become('adm@alpha.test');
select pg_temp.members('new', 10);
select is(pg_temp.done('new'), 'completed: 10 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a file becomes a list of members');
select is(pg_temp.numbers('new'), '9 available, 0 assigned, 0 archived, 1 excluded = 10', 'of which one is reserved already');
select tests.become_owner();
select members.remember_reserved(d.org_id, d.database_id) from members.databases d where d.database_id = pg_temp.database('new');
select is(
    tests.error_of(format('select api.undo_import(%s)', pg_temp.id('new'))), w.outcome, 'not for ' || w.who
)
from (values ('adm@beta.test', 'PT404 import.not_found'), ('stf@alpha.test', 'PT403 permission.denied'), ('dir@alpha.test', 'PT403 permission.denied')) as w (who, outcome)
cross join lateral (select tests.become(w.who) offset 0) b;
select tests.become('adm@alpha.test');
select is(api.undo_import(pg_temp.id('new'), 4) ->> 'removed_rows', '4', 'it is taken back in chunks');
select is(pg_temp.numbers('new'), '6 available, 0 assigned, 0 archived, 0 excluded = 6', 'and counts follow: the reserved one is among those that went');
select is(pg_temp.undone('new', 4), '11 removed, 0 restored, 0 refused', 'ten records and their database');
select tests.become_owner();
select is(pg_temp.state('members'), (select s.state from states s where s.name = 'before'), 'undo: every table is what it was, row by row, counts too');
select is(
    (select count(*) from app.audit_logs a where a.table_name = 'members.records' and a.action = 'DELETE' and a.import_id is null),
    10::bigint, 'of each record that went the trail has the image'
);
select is(
    (select array_agg(distinct o.cache_tags) from app.outbox o where o.topic = 'imports.undone' and o.key = pg_temp.id('new')::text),
    '{{imports,databases,records}}'::text[], 'who listens is told'
);
select tests.become('mad@alpha.test');
select is(pg_temp.undone('new'), '11 removed, 0 restored, 0 refused', 'once more, by whoever manages the module, changes nothing');

-- All but what people have had, or reserved

select tests.become('adm@alpha.test');
select pg_temp.members('new', 12);
select is(pg_temp.done('new'), 'completed: 12 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'the same again');
select pg_temp.assign('new', 2, 3, 5);
select api.members_recall('member_wd', pg_temp.ids_of('new', 3));
select pg_temp.reserve('NEW5');
select tests.become('stf@alpha.test');
select api.members_validate('member_wd', pg_temp.ids_of('new', 5) || '{"is_valid": false, "reason": "dead"}');
select tests.become('sp1@alpha.test');
select isnt(
    api.members_reserve(jsonb_build_object(
        'customer_id', 'new7', 'product_id', (select p.product_id from api.products p where p.name = 'P1'), 'phone_number', '0811'
    )), null, 'somebody asks for a customer of the file'
);
select tests.become('adm@alpha.test');
select is(api.process_invalid_batch(tap.uid('stf@alpha.test'), 'member_wd', false) ->> 'archived', null, 'what is invalid is archived');
select tests.become_owner();
update members.records r set row_data = row_data || '{"name": "by hand"}' where r.record_id = pg_temp.record('new', 10);
insert into states select 'worked', pg_temp.state('members');
select tests.become('adm@alpha.test');
select is(pg_temp.undone('new', 3), '6 removed, 0 restored, 6 refused', 'what nobody has touched goes');
select is(
    pg_temp.left_alone('new'),
    '2 members.records in_use, 3 members.records changed, 5 members.records in_use, 6 members.records in_use, 8 members.records in_use, 10 members.records changed',
    'one that is with somebody, was once, is archived, was reserved since, is asked for, or was edited, stays and is named'
);
select tests.become_owner();
select is(
    pg_temp.state('members') - '{members.record_counts,members.reserved_counts}'::text[],
    (
        select (s.state || jsonb_object_agg(t.name, (
            select jsonb_agg(r order by r::text)
            from jsonb_array_elements(s.state -> t.name) r
            where (r ->> 'record_id')::bigint not in (select pg_temp.record('new', n) from unnest(array[4, 7, 9, 11, 12, 13]::bigint[]) n)
        ))) - '{members.record_counts,members.reserved_counts}'::text[]
        from states s
        cross join unnest(array['members.records', 'members.record_keys']) as t (name)
        where s.name = 'worked'
        group by s.state
    ),
    'undo: every other row of every table is what it was: database, batches, assignments, reservations'
);
select is(pg_temp.miscounted(), 0::bigint, 'and the counts are those of what is there');
select tests.become('adm@alpha.test');
select is(pg_temp.numbers('new'), '3 available, 1 assigned, 1 archived, 1 excluded = 6', 'reserved ones are told apart as before');
select is(
    tests.error_of($$ select api.members_assign_random('member_wd', jsonb_build_object('database_id', pg_temp.database('new'), 'staff_id', tap.uid('stf@alpha.test'), 'quantity', 2)) $$),
    null, 'what is left can be handed out'
);

-- Uploaded again, what stays is not there twice

select pg_temp.members('new', 12);
select is(pg_temp.done('new'), 'completed: 6 success, 0 error, 6 skipped, 0 duplicate, 0 pending', 'uploaded again, what stays is not there twice');
select is(pg_temp.undone('new'), '7 removed, 0 restored, 0 refused', 'and that is taken back too, its database with it');

-- Normal databases: what is or was asked for

select pg_temp.members('asked', 4, 'normal');
select is(pg_temp.done('asked'), 'completed: 4 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a normal database');
select tests.become('stf@alpha.test');
select api.members_request_records(jsonb_build_object('database_id', pg_temp.database('asked'), 'record_count', n)) from generate_series(1, 2) n;
select tests.become('adm@alpha.test');
select api.members_reject_request((select min(q.request_id) from api.download_requests q));
select is(pg_temp.undone('asked', 2), '1 removed, 0 restored, 3 refused', 'what is asked for stays, and what was');
select is(
    (select jsonb_object_agg(r.reason, r.n) from (select reason, count(*) as n from api.undo_refusals where import_id = pg_temp.id('asked') group by 1) r),
    '{"in_use": 2, "changed": 1}', 'each is named'
);

-- The database itself

select pg_temp.members('empty', 2, 'normal');
select pg_temp.done('empty');
select tests.become_owner();
update members.databases d set auto_approve = true where d.database_id = pg_temp.database('empty');
select tests.become('adm@alpha.test');
select is(pg_temp.undone('empty') || ': ' || pg_temp.left_alone('empty'), '2 removed, 0 restored, 1 refused: members.databases changed', 'a database that somebody has changed stays, empty');
select is(tests.error_of(format('select api.members_delete_database(''normal'', %s)', pg_temp.database('empty'))), null, 'and can be deleted');
select pg_temp.members('half', 5);
select pg_temp.process('half', 3);
select set_config('pgcrm.import_id', '', true);
select pg_temp.assign('half', 2);
select is(pg_temp.undone('half'), '2 removed, 0 restored, 1 refused', 'undone before it was all there');
select is(pg_temp.process('half'), 'processing: 3 success, 0 error, 0 skipped, 0 duplicate, 2 pending', 'nothing more is made of it');
select is(tests.error_of(format('select api.members_delete_database(''member_wd'', %s)', pg_temp.database('half'))), null, 'what stays can be deleted');
select pg_temp.members('gone', 3);
select pg_temp.done('gone');
select api.members_delete_database('member_wd', pg_temp.database('gone'));
select is(pg_temp.undone('gone'), '0 removed, 0 restored, 0 refused', 'of a deleted database nothing is left to undo');

-- What hangs on databases is known to the undo

select tests.become_owner();
select results_eq(
    $$
        select distinct k.conrelid::regclass::text collate "default"
        from pg_constraint k
        where k.contype = 'f' and k.confrelid in ('members.databases'::regclass, 'members.records'::regclass)
        order by 1
    $$,
    array['members.batch_titles', 'members.batches', 'members.download_requests', 'members.legacy_databases'],
    'a new reference to one of these belongs into ingest.undo_records or ingest.undo_database'
);

select * from finish();
rollback;
