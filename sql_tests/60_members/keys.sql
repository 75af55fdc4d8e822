-- What foreign keys would promise of records and assignments, kept by triggers; and what the audit trail says of records.

begin;
select plan(24);
-- The constraint that a statement violates, undone afterwards.
create function pg_temp.violated(p_statement text) returns text
language plpgsql
as $$
declare
    v_constraint text;
begin
    begin
        execute p_statement;
        raise exception using errcode = 'PGC02';
    exception
        when foreign_key_violation then get stacked diagnostics v_constraint = constraint_name;
        when sqlstate 'PGC02' then null;
    end;
    return v_constraint;
end
$$;

-- Records and their keys beside them, where they differ.
create function pg_temp.unlike() returns bigint
language sql
as $$
    select count(*)
    from members.records r
    full join members.record_keys k on k.org_id = r.org_id and k.record_id = r.record_id
    where (r.database_id, r.match_keys) is distinct from (k.database_id, k.match_keys)
$$;

\ir _members.psql
select pg_temp.make_database('one', 'P1', 20);
select pg_temp.make_database('two', 'P2', 20);
select pg_temp.make_database('three', 'P2', 1);
select tests.become('adm@alpha.test');
select pg_temp.give('B1', 'one', 'stf@alpha.test', 5);
select pg_temp.give('B2', 'two', 'stf2@alpha.test', 5);
select tests.become_owner();

-- Values as reservations compare them: the short way and the long way agree (§3.2)

select is(
    array(select k collate "C" from unnest(members.match_keys(v.cells)) k order by 1),
    array(
        select distinct k collate "C" from unnest(v.cells) c cross join lateral (select upper(btrim(c, E' \t\r\n\u00a0'))) as t (k)
        where k <> '' and length(k) <= 200 order by 1
    ),
    '§3.2: ' || v.what
)
from (
    values
        (array['b', 'A', 'a', ''], 'upper case, each once, no blanks'),
        (array[' a', E'b\u00a0', E'\tc\n', null], 'trimmed, nothing of what is missing'),
        (array['it''s', 'wa.me/62 811', 'é', '\x', E'a\x1fb'], 'anything else stays'),
        (array[repeat('x', 200), repeat('y', 201)], 'nothing of more than 200 characters'),
        ('{}'::text[], 'nothing of nothing')
) as v (cells, what);

-- Records

select is(pg_temp.violated(format(v.statement, pg_temp.id('one'), pg_temp.id('B2'), tap.uid('stf2@alpha.test'))), v.error, v.what)
from (
    values
        (
            $$ insert into members.records (org_id, module, database_id, row_number, row_data, match_keys)
               select pg_temp.alpha(), 'bonanza', %s, 99, '{}', '{}' $$,
            'records_database_fkey', 'no record without a database of its module'
        ),
        (
            $$ update members.records r set batch_id = %2$s where r.database_id = %1$s and r.status = 'assigned' $$,
            'records_batch_fkey', 'no record in a batch of another database'
        ),
        (
            $$ update members.records r set assigned_to = %3$L where r.database_id = %1$s and r.status = 'assigned' $$,
            'records_batch_fkey', 'nor with a staff whose batch it is not'
        ),
        (
            $$ update members.records r set assigned_by = tap.uid('adm@beta.test') where r.database_id = %s $$,
            'records_people_fkey', 'nor handed out by somebody of another organisation'
        ),
        (
            $$ update members.records r set database_id = (select d.database_id from members.databases d where d.name = 'two'), batch_id = %2$s,
               assigned_to = %3$L where r.database_id = %1$s and r.status = 'assigned' $$,
            'assignments_record_fkey', 'a record that was handed out stays in its database'
        ),
        ($$ delete from members.batches where batch_id = %2$s $$, 'records_batches_fkey', 'a batch stays while records are in it'),
        ($$ update members.batches set staff_id = tap.uid('stf@alpha.test') where batch_id = %2$s $$, 'records_batch_fkey', 'and with its staff'),
        ($$ delete from members.databases where name = 'three' $$, 'records_databases_fkey', 'a database stays while it has records')
) as v (statement, error, what);

-- Assignments

select is(
    pg_temp.violated(format(
        $$
            insert into members.assignments (org_id, module, database_id, batch_id, record_id, staff_id, assigned_at)
            select r.org_id, 'member_wd', %s, %s, r.record_id, %L, now()
            from members.records r
            where r.database_id = %s and r.status = 'available'
            limit 1
        $$, d, b, tap.uid(s), r
    )),
    e, what
)
from (
    values
        (pg_temp.id('one'), pg_temp.id('B1'), 'stf@alpha.test', pg_temp.id('two'), 'assignments_record_fkey', 'no assignment of a record of another database'),
        (pg_temp.id('one'), pg_temp.id('B1'), 'stf2@alpha.test', pg_temp.id('one'), 'assignments_batch_fkey', 'none in a batch of another staff'),
        (pg_temp.id('one'), pg_temp.id('B2'), 'stf2@alpha.test', pg_temp.id('one'), 'assignments_batch_fkey', 'none in a batch of another database')
) as v (d, b, s, r, e, what);
select is(
    pg_temp.violated($$ update members.assignments set record_id = record_id + 1 $$), 'assignments_record_fkey',
    'an assignment keeps its record'
);
delete from members.records r where r.database_id = pg_temp.id('two') and r.status = 'assigned';
select is(
    (select count(*) from members.assignments a where a.database_id = pg_temp.id('two')), 0::bigint, 'the history of a record goes with it'
);

-- Audit (case 129 of command_center for this table)

select results_eq(
    format(
        $$
            select a.action, a.changed_by, a.changed_fields, a.before_data, a.after_data - 'assigned_at', count(*)
            from app.audit_logs a
            where a.table_name = 'members.records' and a.action = 'UPDATE'
              and a.record_id in (select r.record_id::text from members.records r where r.batch_id = %s)
            group by 1, 2, 3, 4, 5
        $$, pg_temp.id('B1')
    ),
    format(
        $$
            values (
                'UPDATE', %1$L::uuid, '{assigned_at,assigned_by,assigned_to,batch_id,status}'::text[],
                '{"assigned_at": null, "assigned_by": null, "assigned_to": null, "batch_id": null, "status": "available"}'::jsonb,
                jsonb_build_object('assigned_by', %1$L, 'assigned_to', %2$L, 'batch_id', %3$s, 'status', 'assigned'), 5::bigint
            )
        $$, tap.uid('adm@alpha.test'), tap.uid('stf@alpha.test'), pg_temp.id('B1')
    ),
    'an entry for each record that is handed out: what changed, from what to what, by whom'
);
update members.records r set row_data = '{"username": "other"}', customer_id = 'other', pick_key = 1
where r.database_id = pg_temp.id('one') and r.row_number = 1;
select results_eq(
    $$
        select a.changed_fields, a.after_data
        from app.audit_logs a
        where a.table_name = 'members.records' and a.after_data ? 'row_data' and a.action = 'UPDATE'
    $$,
    $$ values ('{customer_id,row_data}'::text[], '{"customer_id": "other", "row_data": {"username": "other"}}'::jsonb) $$,
    'and one for what a record says, if anybody ever changes it'
);
select is(
    (
        select a.after_data - '{org_id,record_id,database_id,created_at}'::text[]
        from app.audit_logs a
        join members.records r on a.record_id = r.record_id::text
        where a.table_name = 'members.records' and a.action = 'INSERT' and r.database_id = pg_temp.id('one') and r.row_number = 2
    ),
    '{"module": "member_wd", "row_number": 2, "status": "available", "row_data": {"username": "one2", "name": "Name 2", "telpon": "wa.me/628401112"}}',
    'a new record is entered as the file has it'
);

-- Where reservations look for records

select tests.become_owner();
select is((select count(*) > 0 and pg_temp.unlike() = 0 from members.record_keys), true, 'BF-5: the keys of records stand beside all of them');
update members.records set match_keys = array['RENAMED'] where database_id = pg_temp.id('one') and row_number = 2;
select is(pg_temp.unlike(), 0::bigint, 'BF-5: and change with them');
delete from members.records where database_id = pg_temp.id('three');
select is(pg_temp.unlike(), 0::bigint, 'BF-5: and go with them');

select * from finish();
rollback;
