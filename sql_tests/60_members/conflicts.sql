-- A reservation and the records that others have of its customer: flagged, given back, logged.

begin;
select plan(48);
\ir _members.psql
\ir _reservations.psql
select pg_temp.make_database('w', 'P1', 3);
select pg_temp.make_database('b', 'P1', 3, 'bonanza');
select pg_temp.make_database('n', 'P1', 3, 'normal');
select pg_temp.make_database('p2', 'P2', 3);
-- Case 54: S2 has C in all three modules, in P1; and in P2. S1 has C as well.
select pg_temp.hold('r:w', 'w', ' c', 'stf2@alpha.test');
select pg_temp.hold('r:b', 'b', 'C', 'stf2@alpha.test');
select pg_temp.hold('r:n', 'n', 'c', 'sp1@alpha.test');
select pg_temp.hold('r:p2', 'p2', 'C', 'stf2@alpha.test');
select pg_temp.hold('r:own', 'w', 'C', 'stf@alpha.test');
select pg_temp.hold('r:other', 'w', 'CC', 'stf2@alpha.test');

-- Case 54: approved

select tests.become('stf@alpha.test');
select is(pg_temp.ask('C', 'c'), 'asked', 'a staff asks for a customer');
select is(pg_temp.flagged(), null, '§3.6: a pending reservation flags nothing');
select tests.become('adm@alpha.test');
insert into answers select 'approved', api.members_approve_reservation(pg_temp.id('C'));
select is(
    (select jsonb_build_array(a.answer -> 'invalidated_records', a.answer -> 'notified_staff_count') from answers a where a.name = 'approved'),
    '[3, 2]', 'case 54: the answer says how many records of how many others'
);
select is(pg_temp.flagged(), 'r:b r:n r:w', 'cases 54, 55, BF-17: others'' records in all three modules, of this product; the own one not');
select results_eq(
    $$
        select r.status, r.validation_status, (r.batch_id is not null) = (r.module = 'member_wd'), r.assigned_to <> tap.uid('stf@alpha.test')
        from api.records r
        where r.is_reservation_conflict
        group by 1, 2, 3, 4
    $$,
    $$ values ('assigned', null::text, true, true) $$, 'BF-16, LD-8: they stay assigned, with whom and in the batch they were'
);
select is(
    (select c.assigned_count || ' ' || c.conflict_count from api.v_database_counts c where c.database_id = pg_temp.id('w')),
    '3 1', 'cases 59, 99, BF-16: assigned counts do not change, the conflict is counted'
);
select is(
    array[pg_temp.told('stf2@alpha.test'), pg_temp.told('sp1@alpha.test')],
    array['record_invalidated_reserved', 'record_invalidated_reserved'],
    'case 54: each affected staff is told once for a reservation, however many records it took'
);

-- Case 59: the log

select results_eq(
    $$ select source, affected_staff_name, reserved_by_staff_name, invalid_reason, invalidated_by, restored_at from api.conflicts order by source $$,
    $$
        values
            ('DB Bonanza', 'STF2 Alpha', 'STF Alpha', 'Customer reserved by STF Alpha', null::uuid, null::timestamptz),
            ('Member WD CRM', 'STF2 Alpha', 'STF Alpha', 'Customer reserved by STF Alpha', null, null),
            ('Normal Database', 'SP1 Alpha', 'STF Alpha', 'Customer reserved by STF Alpha', null, null)
    $$,
    'case 59: a line for each record, with its source'
);
select is(
    (select jsonb_path_query_array(api.members_list_conflicts(p_staff_id => tap.uid('sp1@alpha.test')), '$.items[*].source')),
    '["Normal Database"]', 'case 59: by staff'
);
select is(
    jsonb_array_length(api.members_list_conflicts(p_date_from => '2031-03-01', p_date_to => '2031-03-01') -> 'items'), 3, 'case 59: by date, in the organisation''s days'
);
select is(jsonb_array_length(api.members_list_conflicts(p_date_from => '2031-03-02') -> 'items'), 0, 'case 59: not tomorrow''s');
select is(jsonb_array_length(api.members_list_conflicts(p_date_to => '2031-02-28') -> 'items'), 0, 'case 59: nor yesterday''s');
select is(
    (
        select array[jsonb_array_length(p -> 'items'), jsonb_array_length(q -> 'items')]
        from api.members_list_conflicts(p_limit => 2) p, api.members_list_conflicts(p_limit => 2, p_after => p -> 'next') q
    ),
    array[2, 1], 'page by page'
);
select is(
    api.members_conflict_stats() - '{top_affected,top_reservers}'::text[],
    '{
        "total": 3, "today": 3, "last_7_days": 3, "last_30_days": 3, "distinct_affected": 2, "distinct_reservers": 1,
        "by_source": {"Normal Database": 1, "DB Bonanza": 1, "Member WD CRM": 1}, "by_date": [{"date": "2031-03-01", "count": 3}]
    }', 'case 59: the statistics'
);
select is(
    api.members_conflict_stats() #> '{top_affected,0}',
    jsonb_build_object('staff_id', tap.uid('stf2@alpha.test'), 'staff_name', 'STF2 Alpha', 'count', 2), 'case 59: who lost most'
);
select is(
    api.members_conflict_stats(p_staff_id => tap.uid('sp1@alpha.test')) ->> 'total', '1', 'case 59: the statistics of one staff'
);

-- What staff see

select tests.become('stf2@alpha.test');
select is(
    (select jsonb_path_query_array(api.members_taken_records('member_wd'), '$.items[*].record_id')),
    jsonb_build_array(pg_temp.id('r:w')), '§5.7: what was taken from me, by module'
);
select is(
    (select api.members_taken_records('bonanza') #>> '{items,0,invalid_reason}'), 'Customer reserved by STF Alpha', '§5.7: and by whom'
);
select is((select count(*) from api.conflicts), 2::bigint, 'a staff sees the lines about the own records');
select tests.become('stf@alpha.test');
select is((select count(*) from api.conflicts), 0::bigint, 'whoever reserved does not see whose records they were');
select tests.become('adm@beta.test');
select is((select count(*) from api.conflicts), 0::bigint, 'nobody elsewhere does');
select is(api.members_conflict_stats() ->> 'total', '0', 'not in the statistics either');

-- Case 58: moved from S1 to S2

select tests.become('adm@alpha.test');
insert into answers
select 'moved', api.members_move_reservation(pg_temp.id('C'), jsonb_build_object('new_staff_id', tap.uid('stf2@alpha.test')));
select is(pg_temp.flagged(), 'r:n r:own', 'case 58, BF-12: the new owner''s records are free, the old owner''s are flagged');
select is((select a.answer ->> 'invalidated_records' from answers a where a.name = 'moved'), '2', 'case 58: the answer counts anew');
select is(pg_temp.log(), '5 lines, 2 open', 'the log forgets nothing');

-- Case 57: deleted

select is(
    api.members_delete_reservation(pg_temp.id('C')) ->> 'restored_records', '2', 'case 57, BF-11: the answer says how many are given back'
);
select is(pg_temp.flagged(), null, 'case 57, BF-11: no record is flagged any more');
select results_eq(
    'select restored_reason, count(*) from api.conflicts group by 1 order by 1',
    $$ values ('reservation_deleted', 2::bigint), ('reservation_moved', 3) $$, 'the log says why'
);

-- Case 56: every way to an approved reservation

select is(pg_temp.add('direct', 'C', 'stf@alpha.test'), 'added', 'by direct add');
select is(pg_temp.flagged(), 'r:b r:n r:w', 'case 56: a direct add flags the same');
select is(api.members_delete_reservation(pg_temp.id('direct')) ->> 'restored_records', '3', 'it ends');
insert into answers
select 'bulk', api.members_reserve_many(jsonb_build_object(
    'customer_ids', '["c", " C ", "", "cc", "new", "reserved"]'::jsonb, 'product_id', pg_temp.product('P1'), 'staff_id', tap.uid('stf@alpha.test')
))
from (select pg_temp.add('reserved', 'RESERVED', 'stf2@alpha.test')) x;
select is(
    (select a.answer - '{added}'::text[] from answers a where a.name = 'bulk'),
    jsonb_build_object(
        'added_count', 3, 'skipped_count', 1, 'invalidated_records', 4, 'notified_staff_count', 2,
        'skipped', jsonb_build_array(jsonb_build_object(
            'customer_id', 'reserved', 'reserved_by', tap.uid('stf2@alpha.test'), 'reserved_by_name', 'STF2 Alpha'
        ))
    ),
    'case 56: a bulk add drops blanks and repetitions, skips what is reserved with the owner''s name, and counts conflicts'
);
select is(pg_temp.flagged(), 'r:b r:n r:other r:w', 'case 56: and flags the same');
select is(
    tests.faults_of(format(
        $$ select api.members_reserve_many(jsonb_build_object('customer_ids', (select jsonb_agg(n::text) from generate_series(1, 101) n),
           'product_id', %s, 'staff_id', %L)) $$, pg_temp.product('P1'), tap.uid('stf@alpha.test')
    )),
    array['customer_ids reservation.customer_ids.range'], 'a bulk add takes as many as the setting says'
);

-- A record that holds two customers stays flagged while one of them is reserved

select tests.become_owner();
insert into members.records (org_id, module, database_id, row_number, row_data, match_keys)
values (pg_temp.alpha(), 'bonanza', pg_temp.id('b'), 5000, '{}', '{X,Y}');
insert into ids select 'r:two', r.record_id from members.records r where r.row_number = 5000;
select members.hand_out(pg_temp.alpha(), tap.uid('sp1@alpha.test'), null, array[pg_temp.id('r:two')], array[null::bigint]);
select tests.become('adm@alpha.test');
select is(pg_temp.add('x', 'x', 'stf@alpha.test') || pg_temp.add('y', 'y', 'stf2@alpha.test'), 'addedadded', 'two reserve one record''s customers');
select is(api.members_delete_reservation(pg_temp.id('x')) ->> 'restored_records', '1', 'one of them ends');
select ok(pg_temp.flagged() ~ 'r:two', 'the record stays flagged for the other');

-- Recall, archive, delete: a record that is nobody's is in conflict with nobody

select is(
    api.members_recall('bonanza', jsonb_build_object('record_ids', jsonb_build_array(pg_temp.id('r:two')))) ->> 'recalled_count', '1', 'it is recalled'
);
select is(
    (select string_agg(c.restored_reason, ' ' order by c.conflict_id) from api.conflicts c where c.record_id = pg_temp.id('r:two')),
    'reservation_deleted recalled', 'LD-15: nothing of the conflict is left on it, the log says when it ended'
);
select is(
    (select c.available_count || ' ' || c.excluded_count from api.v_database_counts c where c.database_id = pg_temp.id('b')),
    '3 1', 'and as it is still reserved, it is excluded'
);
select is(api.members_delete_reservation(pg_temp.id('y')) ->> 'restored_records', '0', 'the other one ends');
select is(
    (select c.available_count || ' ' || c.excluded_count from api.v_database_counts c where c.database_id = pg_temp.id('b')),
    '4 0', 'case 83: then it can be handed out again'
);
select tests.become_owner();
delete from members.records r where r.record_id = pg_temp.id('r:b');
select is(
    (select string_agg(c.restored_reason, ' ' order by c.conflict_id) from members.conflicts c where c.record_id = pg_temp.id('r:b')),
    'reservation_moved reservation_deleted record_deleted', 'the log outlives the record'
);
-- A person is deleted (case 10)

select tests.become('adm@alpha.test');
select is(pg_temp.add('leaver', 'Q', 'stf2@alpha.test'), 'added', 'somebody owns a customer');
select tests.become_owner();
select pg_temp.hold('r:q', 'n', 'q', 'stf@alpha.test');
update members.reservations set customer_name = 'also q' where reservation_id = pg_temp.id('leaver');
select ok(pg_temp.flagged() ~ 'r:q', 'a change of names flags as a new reservation does');
select tests.become('sa@alpha.test');
select api.app_delete_user(tap.uid('stf2@alpha.test'));
select is(
    (select count(*) from api.reservations r where r.reservation_id = pg_temp.id('leaver') or r.staff_name = 'STF2 Alpha'), 0::bigint,
    'case 10, BF-6: who is deleted owns no customer any more'
);
select tests.become_owner();
select ok(coalesce(pg_temp.flagged(), '') !~ 'r:q', 'case 10, LD-4: and what that had flagged is given back');

select is(
    (select count(*) from members.records r where r.is_reservation_conflict <> exists (
        select from members.conflicts c where c.record_id = r.record_id and c.restored_at is null
    )), 0::bigint, 'a record is flagged exactly while a line of the log is open'
);

select * from finish();
rollback;
