-- Handing out records: at random and by hand, never a reserved one, all or nothing.

begin;
select plan(44);
\ir _members.psql

-- Twenty available, three of them reserved (case 81)

select pg_temp.make_database('a', 'P1', 20);
select pg_temp.reserve('A1', 'P1', 'stf2@alpha.test');
select pg_temp.reserve(' a2 ', 'P2', 'stf2@alpha.test');
select pg_temp.reserve('WA.ME/62840973', 'P1', 'stf2@alpha.test');

select tests.become('adm@alpha.test');
select is(
    pg_temp.counts('a'), '17 available, 0 assigned, 0 archived, 3 excluded = 20, 0 in conflict',
    'case 81, BF-5: three are excluded, by any value, in any case of letters, for any product (D-7)'
);
insert into answers
select 'first', api.members_assign_random('member_wd', pg_temp.payload('a', 'stf@alpha.test', 10));
select is(
    (select a.answer - '{batch_id,database_id}'::text[] from answers a),
    jsonb_build_object(
        'staff_id', tap.uid('stf@alpha.test'), 'database_name', 'a', 'assigned_count', 10, 'total_reserved_in_db', 3,
        'remaining_eligible', 7
    ),
    'case 81: ten are assigned, seven remain, three were passed by'
);
insert into ids select 'batch', (answer ->> 'batch_id')::bigint from answers;
select results_eq(
    format(
        $$
            select b.initial_count, b.current_count, b.staff_id, b.created_at, count(*), min(r.assigned_at), max(r.assigned_at)
            from api.batches b
            join api.records r using (batch_id)
            where b.batch_id = %s
            group by 1, 2, 3, 4
        $$, pg_temp.id('batch')
    ),
    format(
        $$
            values (10, 10::bigint, %L::uuid, timestamptz '2031-03-01 05:00:00+00', 10::bigint,
                timestamptz '2031-03-01 05:00:00+00', timestamptz '2031-03-01 05:00:00+00')
        $$, tap.uid('stf@alpha.test')
    ),
    'case 81: one batch, initial = current = 10, created when its records were assigned'
);
select is_empty(
    $$ select r.customer_id from api.records r where r.status = 'assigned' and lower(r.customer_id) in ('a1', 'a2', 'a3') $$,
    'case 81, BF-25: no reserved customer is handed out'
);
select is(
    pg_temp.counts('a'), '7 available, 10 assigned, 0 archived, 3 excluded = 20, 0 in conflict',
    'case 86, BF-24: what is assigned is not available'
);
select is(
    (select count(*) from api.assignments x where x.batch_id = pg_temp.id('batch') and x.ended_at is null and not x.is_replacement),
    10::bigint, 'each has its line in the history'
);
select tests.become('stf@alpha.test');
select results_eq(
    $$ select topic, title from api.notifications $$,
    $$ values ('records.assigned', 'You were given 10 records') $$,
    'the staff is told'
);

-- Too many, and none (case 82)

select tests.become('adm@alpha.test');
select is(
    tests.error_of(format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', 8))),
    'PT409 records.too_few_eligible', 'case 82: more than are eligible is refused'
);
select throws_ok(
    format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', 18)),
    'PT409', 'Only 7 records of this database are eligible.', 'case 82: and says how many are'
);
select is(
    pg_temp.counts('a'), '7 available, 10 assigned, 0 archived, 3 excluded = 20, 0 in conflict',
    'case 82: nothing was assigned'
);
select is((select count(*) from api.batches), 1::bigint, 'case 82: and no batch is left behind');
select is(
    tests.faults_of(format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', q))),
    array['quantity records.quantity.range'], format('case 82: a quantity of %s', q)
)
from unnest(array[0, -1, 10001]) q;

-- Bad input: every field, by name

select is(
    tests.faults_of($$ select api.members_assign_random('member_wd', '{"database_id": "7", "quantity": 1.5, "who": 1}') $$),
    array[
        'database_id records.database_id.type', 'quantity records.quantity.type', 'staff_id records.staff_id.required',
        'who records.field.unknown'
    ],
    'wrong types, a missing and an unknown field are named together'
);
select is(
    tests.error_of($$ select api.members_assign_random('member_wd', '[]') $$), 'PT422 request.not_an_object', 'a body that is no object'
);
select is(
    tests.error_of(format($$ select api.members_assign_random(%L, %L) $$, m, pg_temp.payload('a', 'stf@alpha.test', 1))),
    e, 'module ' || coalesce(m, 'null')
)
from (
    values ('normal', 'PT422 request.invalid'), ('nothing', 'PT422 request.invalid'), (null, 'PT422 request.invalid'),
        ('bonanza', 'PT404 database.not_found')
) as t (m, e);
select is(
    tests.error_of(format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', 1, more))), e, what
)
from (
    values
        ('{"database_id": 999999999}'::jsonb, 'PT404 database.not_found', 'an unknown database'),
        ('{"staff_id": "00000000-0000-4000-8000-000000000000"}', 'PT404 staff.not_found', 'an unknown staff'),
        (jsonb_build_object('staff_id', tap.uid('mm@alpha.test')), 'PT404 staff.not_found', 'somebody who does not work on records'),
        (jsonb_build_object('staff_id', tap.uid('stf@beta.test')), 'PT404 staff.not_found', 'staff of another organisation')
) as t (more, e, what);

-- Added to a batch (case 85, LD-12)

select is(
    (api.members_assign_random(
        'member_wd', pg_temp.payload('a', 'stf@alpha.test', 2, jsonb_build_object('batch_id', pg_temp.id('batch')))
    ) ->> 'batch_id')::bigint,
    pg_temp.id('batch'), 'case 85: records are added to a batch of the same staff and database'
);
select results_eq(
    format('select initial_count, current_count from api.batches where batch_id = %s', pg_temp.id('batch')),
    $$ values (12, 12::bigint) $$, 'case 85: which counts them'
);
select tests.become_owner();
select pg_temp.make_database('b', 'P1', 5);
select tests.become('adm@alpha.test');
select is(
    tests.error_of(format(
        $$ select api.members_assign_random('member_wd', %L) $$,
        pg_temp.payload(d, s, 1, jsonb_build_object('batch_id', pg_temp.id('batch')))
    )),
    'PT404 batch.not_found', what
)
from (
    values ('a', 'stf2@alpha.test', 'case 85, LD-12: not into another staff''s batch'),
        ('b', 'stf@alpha.test', 'case 85, LD-12: not into a batch of another database')
) as t (d, s, what);

-- By hand

insert into answers
select 'by hand', api.members_assign_records('member_wd', jsonb_build_object(
    'staff_id', tap.uid('stf2@alpha.test'),
    'record_ids', (
        select jsonb_agg(r.record_id)
        from api.records r
        -- one of each: reserved, assigned already, free
        where r.customer_id in ('a1', 'b1', 'b2') or r.record_id = (pg_temp.records_of('stf@alpha.test', 'a', 1))[1]
    )
));
select is(
    (
        select jsonb_build_object(
            'assigned', a.answer -> 'assigned_count', 'batches', jsonb_array_length(a.answer -> 'batch_ids'),
            'blocked', a.answer #> '{blocked_records,0,customer_id}', 'by', a.answer #> '{blocked_records,0,reserved_by}'
        )
        from answers a
        where a.name = 'by hand'
    ),
    jsonb_build_object('assigned', 2, 'batches', 1, 'blocked', 'a1', 'by', tap.uid('stf2@alpha.test')),
    'by hand: what is free is assigned, the reserved is blocked with its owner, the taken is ignored'
);
select is(
    tests.error_of(format(
        $$ select api.members_assign_records('member_wd', %L) $$,
        jsonb_build_object(
            'staff_id', tap.uid('stf@alpha.test'), 'record_ids', (select jsonb_agg(r.record_id) from api.records r where r.customer_id = 'a1')
        )
    )),
    'PT409 records.none_eligible', 'by hand: when all are blocked, nothing happens'
);

-- A reservation that is gone does not block (case 83, BF-25)

select tests.become_owner();
delete from members.reservations where customer_id = 'A1';
select tests.become('adm@alpha.test');
select is(
    pg_temp.counts('a'), '6 available, 12 assigned, 0 archived, 2 excluded = 20, 0 in conflict',
    'case 83: a customer whose reservation is gone is eligible again'
);
select lives_ok(
    format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', 6)),
    'case 83: and is handed out'
);
select is(
    tests.error_of(format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', 1))),
    'PT409 records.none_eligible', 'case 82: none eligible while only reserved ones are left'
);

-- Pending reservations do not exclude; an approved one excludes from the moment it is approved

select tests.become_owner();
select members.add_reservation(
    pg_temp.alpha(), (select product_id from members.products where name = 'P1' and org_id = pg_temp.alpha()), 'b3',
    tap.uid('stf@alpha.test'), null, false
);
select tests.become('adm@alpha.test');
select is(pg_temp.counts('b'), '3 available, 2 assigned, 0 archived, 0 excluded = 5, 0 in conflict', '§3.6: a pending reservation covers nothing');
select tests.become_owner();
select members.approve_reservation(pg_temp.alpha(), (select reservation_id from members.reservations where customer_id = 'b3'));
select tests.become('adm@alpha.test');
select is(pg_temp.counts('b'), '2 available, 2 assigned, 0 archived, 1 excluded = 5, 0 in conflict', '§3.6: an approved one does');

-- Who may

select tests.become('stf@alpha.test');
select is(
    tests.error_of(format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('a', 'stf@alpha.test', 1))),
    'PT403 permission.denied', 'case 2: staff hands out nothing'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of(format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('b', who, 1))), e, what
)
from (
    values ('sp1@alpha.test', null, 'a sales manager hands out to the own team'),
        ('sp3@alpha.test', 'PT404 staff.not_found', 'and to nobody else''s')
) as t (who, e, what);
select tests.become('adm@beta.test');
select is(
    tests.error_of(format(
        $$ select api.members_assign_random('member_wd', %L) $$,
        pg_temp.payload('a', 'stf@alpha.test', 1) || jsonb_build_object('staff_id', tap.uid('stf@beta.test'))
    )),
    'PT404 database.not_found', 'another organisation''s database is not there'
);

-- Twice with one key: one effect

select tests.become('mad@alpha.test', '{"idempotency_key": "once"}');
insert into answers select 'once', api.members_assign_random('member_wd', pg_temp.payload('b', 'stf@alpha.test', 1));
select is(
    api.members_assign_random('member_wd', pg_temp.payload('b', 'stf@alpha.test', 1)),
    (select a.answer from answers a where a.name = 'once'), 'a repeated request gets its first answer'
);
select is(
    pg_temp.counts('b'), '0 available, 4 assigned, 0 archived, 1 excluded = 5, 0 in conflict', 'and has its first effect only'
);

-- Where records come from varies (case 25 for this module)

select tests.become_owner();
select pg_temp.make_database('c', 'P2', 400);
select tests.become('adm@alpha.test');
select lives_ok(
    format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('c', 'stf2@alpha.test', 20)), 'twenty of four hundred'
);
select isnt(
    (select array_agg(r.row_number order by r.row_number) from api.records r where r.database_id = pg_temp.id('c') and r.status = 'assigned'),
    array(select generate_series(1::bigint, 20)), 'are not the first twenty'
);

-- The counts are what there is
select tests.become_owner();
select results_eq(
    $$
        select database_id, sum(available), sum(assigned), sum(archived)
        from members.record_counts group by 1 order by 1
    $$,
    $$
        select database_id, count(*) filter (where status = 'available')::numeric, count(*) filter (where status = 'assigned')::numeric,
            count(*) filter (where status = 'invalid_archived')::numeric
        from members.records group by 1 order by 1
    $$,
    'the kept counts are the counted ones'
);

select * from finish();
rollback;
