-- What the previous system left: told what is wrong, repaired by the four methods, brought in or refused with a reason.

begin;
select plan(39);
\ir _members.psql

reset role;
-- Stages one object of a kind; times are of the organisation.
create function pg_temp.put(p_kind text, p_row jsonb) returns integer
language sql
security definer
as $$ select members.stage_legacy(pg_temp.alpha(), p_kind, jsonb_build_array(p_row)) $$;
create function pg_temp.card(p_id text, p_created text, p_database text default 'D1', p_staff text default 'stf@alpha.test', p_count integer default 0)
returns integer
language sql
as $$
    select pg_temp.put('batches', jsonb_build_object(
        'id', p_id, 'staff_email', p_staff, 'database_name', p_database, 'created_at', p_created, 'initial_count', 3, 'current_count', p_count
    ))
$$;
create function pg_temp.row(p_id text, p_batch text, p_assigned text, p_more jsonb default '{}') returns integer
language sql
as $$
    select pg_temp.put('records', jsonb_build_object(
        'id', p_id, 'database_name', 'D1', 'product_name', 'p1', 'row_data', jsonb_build_object('username', 'u-' || p_id, 'name', 'N ' || p_id),
        'batch_id', p_batch, 'assigned_to_email', 'stf@alpha.test', 'assigned_at', p_assigned, 'status', 'assigned'
    ) || p_more)
$$;
-- An archived record in a batch that may be gone, and what replaced it.
create function pg_temp.swapped(p_id text, p_batch text, p_assigned text, p_dead text, p_more jsonb default '{}') returns void
language sql
as $$
    select pg_temp.row('a' || p_id, p_batch, p_assigned, '{"status": "invalid_archived", "validation_status": "invalid"}' || p_more);
    select pg_temp.row('r' || p_id, p_dead, '2024-09-09 09:09', jsonb_build_object('auto_replaced', true, 'replaced_invalid_ids', jsonb_build_array('a' || p_id)) || p_more)
$$;
create function pg_temp.found(p_id text) returns text
language sql
security definer
as $$
    select coalesce(t.batch || ' by ' || t.method, t.reason)
    from members.legacy_targets(pg_temp.alpha()) t
    where t.legacy_id = p_id
$$;
select tests.become_owner();

select pg_temp.put('databases', '{"name": "D1", "product_name": " p1 "}');
select pg_temp.put('databases', '{"name": "D2", "product_name": "New product"}');
select pg_temp.card('morning', '2024-05-02T09:00:00');
select pg_temp.card('later', '2024-05-02T11:00:00');
select pg_temp.card('evening', '2024-05-03T20:00:00');
select pg_temp.card('d2', '2024-05-02T10:00:00', 'D2');
select pg_temp.card('of stf2', '2024-05-02T10:15:00', 'D1', 'stf2@alpha.test');

-- Methods of orphaned replacements (cases 103 to 105)

select pg_temp.swapped('1', 'morning', '2024-05-02T09:00:00', 'dead');
select is(pg_temp.found('r1'), 'morning by 1', 'BF-26, method 1: the batch of what it replaced');
select pg_temp.swapped('2', 'gone', '2024-05-02T11:00:00', 'dead');
select is(pg_temp.found('r2'), 'later by 2', 'case 103: that is gone; a batch was made exactly when it was assigned');
select pg_temp.swapped('3', 'gone', '2024-05-02T10:30:00', 'dead');
select is(pg_temp.found('r3'), 'morning by 3', 'case 104: the same day and not after; neither another database''s nor another staff''s');
select pg_temp.swapped('3b', 'gone', '2024-05-02T12:30:00', 'dead');
select is(pg_temp.found('r3b'), 'later by 3', 'method 3: the last of that day before it');
select pg_temp.swapped('4', 'gone', '2024-05-03T12:00:00', 'dead');
select is(pg_temp.found('r4'), 'morning by 4', 'case 104: a batch made later that day is not method 3; case 105: then any of the same staff and database');
select pg_temp.swapped('5', 'gone', '2024-05-02T12:00:00', 'dead', '{"database_name": "D3"}');
select is(pg_temp.found('r5'), 'no batch of this staff and database', 'case 105: only other databases: an error');
select pg_temp.row('r6', 'dead', '2024-05-02T12:00:00', '{"auto_replaced": true, "replaced_invalid_ids": ["nobody"]}');
select is(pg_temp.found('r6'), 'what it replaced is not there', 'a replacement of nobody knows what has no trace');

-- Others (case 106)

select pg_temp.swapped('7', 'morning', '2024-05-02T09:00:00', null);
select is(pg_temp.found('r7'), 'morning by 1', 'case 106: a replacement without a batch id, method 1');
select pg_temp.swapped('8', null, '2024-05-02T10:30:00', null);
select is(pg_temp.found('r8'), 'morning by 3', 'case 106: method 3');
select pg_temp.swapped('9', null, '2024-06-01T10:30:00', null);
select is(pg_temp.found('r9'), 'no batch of this staff and database', 'case 106: never method 4');
select pg_temp.row('o1', 'dead', '2024-05-02T11:00:00');
select is(pg_temp.found('o1'), 'later by 2', 'case 106: an orphan that replaced nobody uses its own time, exactly');
select pg_temp.row('o2', 'dead', '2024-05-02T18:00:00');
select is(pg_temp.found('o2'), 'morning by 3', 'case 106: or the first batch of that day');
select pg_temp.row('o3', 'dead', '2024-06-02T18:00:00');
select is(pg_temp.found('o3'), 'no batch of this staff and database', 'case 106: nothing else');

-- Other damage (case 109)

select pg_temp.row('inv', 'morning', '2024-05-02T09:00:00', '{"status": "invalid"}');
select pg_temp.row('inv2', null, null, '{"status": "invalid", "assigned_to_email": null}');
select pg_temp.row('odd', null, null, '{"status": "reserved", "assigned_to_email": null}');
select pg_temp.row('nobody', 'morning', '2024-05-02T09:00:00', '{"assigned_to_email": ""}');
select pg_temp.row('free', null, null, '{"status": "available", "assigned_to_email": null}');
select pg_temp.row('good', 'morning', '2024-05-02T09:00:00', '{"validation_status": "valid", "row_data": {"username": "C", "telpon": " 0811 "}}');
-- In a batch that is not its own.
select pg_temp.row('wrong db', 'd2', '2024-05-02T10:00:00');
select pg_temp.row('wrong staff', 'of stf2', '2024-05-02T10:15:00');
select pg_temp.row('wrong product', null, null, '{"product_name": "P2", "status": "available", "assigned_to_email": null}');
select pg_temp.row('left', 'morning', '2024-05-02T09:00:00', '{"assigned_to_email": "left@alpha.test"}');

select tests.become('adm@alpha.test');
insert into answers select 'before', api.members_diagnose_batches();
select is(
    (select a.answer -> 'issues' from answers a where a.name = 'before'),
    '{"missing_db_name": 0, "orphaned_assignments": 1, "invalid_status": 2, "other_invalid_status": 1}', 'case 109: the report lists odd states before'
);
select is(
    (select a.answer #> '{summary}' from answers a where a.name = 'before'),
    '{
        "total_assigned_records": 18, "records_without_batch_id": 3, "replacement_records_total": 10, "replacements_with_batch": 7,
        "replacements_without_batch": 3, "archived_records": 9, "orphaned_records": 10, "total_batches": 3,
        "sum_of_initial_counts": 9, "sum_of_current_counts": 0
    }', '§5.11: the report counts what is there'
);
select is((select a.answer ->> 'health_status' from answers a where a.name = 'before'), 'NEEDS_REPAIR', 'and says that it needs repair');
select is(
    (select jsonb_array_length(a.answer -> 'orphaned_samples') from answers a where a.name = 'before'), 10, 'ten samples of orphans'
);
select is(
    (
        select s -> 'traced' || jsonb_build_object('dead', s -> 'batch_id')
        from answers a, jsonb_array_elements(a.answer -> 'orphaned_samples') s
        where a.name = 'before' and s ->> 'record_id' = 'r1'
    ),
    '{"dead": "dead", "record_id": "a1", "batch_id": "morning", "batch_exists": true, "database_name": "D1", "staff_email": "stf@alpha.test", "current_count": 0}',
    'with where their trace leads'
);

-- Repair (case 107)

insert into answers select 'repair', api.members_repair_batches();
select is(
    (select a.answer - '{fix_details,errors,count_updates}'::text[] from answers a where a.name = 'repair'),
    '{"orphaned_fixed": 7, "replacements_fixed": 2, "batch_counts_updated": 4}', 'case 107: the repair says what it did'
);
select is(
    (select jsonb_path_query_array(a.answer, '$.errors[*].record_id') from answers a where a.name = 'repair'), '["o3", "r5", "r6", "r9"]', 'and what it could not'
);
select is(
    (select jsonb_path_query_first(a.answer, '$.fix_details[*] ? (@.record_id == "r3b")') from answers a where a.name = 'repair'),
    '{"record_id": "r3b", "batch_id": "later", "method": "method_3"}', 'with the method of each'
);
insert into answers select 'again', api.members_repair_batches();
select is(
    (select a.answer - '{errors}'::text[] from answers a where a.name = 'again'),
    '{"orphaned_fixed": 0, "replacements_fixed": 0, "batch_counts_updated": 0, "fix_details": [], "count_updates": []}', 'case 107: a second run changes nothing'
);
select is(api.members_diagnose_batches() -> 'difference', '0', 'case 107: stored counts are those of the rows');
select tests.become('sm@alpha.test');
select is(tests.error_of('select api.members_repair_batches()'), 'PT403 permission.denied', 'managers of a team do not repair');
select is(tests.error_of('select api.members_diagnose_batches()'), 'PT403 permission.denied', 'nor see the report');

-- Brought in

select tests.become_owner();
select pg_temp.put('reservations', '{"id": "v1", "customer_id": "c", "product_name": "P1", "staff_email": "stf2@alpha.test", "status": "approved", "created_at": "2024-01-02", "last_omset_date": "2024-05-01"}');
select pg_temp.put('reservations', '{"id": "v2", "customer_name": " C", "product_name": "P1", "staff_email": "stf@alpha.test", "status": "approved", "created_at": "2024-01-03"}');
select pg_temp.put('reservations', '{"id": "v3", "customer_name": "Z", "product_name": "P1", "staff_email": "gone@alpha.test", "status": "approved"}');
insert into answers select 'migrated', members.migrate_legacy(pg_temp.alpha());
select is(
    (select a.answer - '{repaired,refused}'::text[] from answers a where a.name = 'migrated'),
    '{"databases": 1, "batches": 2, "records": 22, "reservations": 1, "replacements_linked": 7}', 'what can be is brought in, replacements are linked'
);
select is(
    (select jsonb_object_agg(r ->> 'legacy_id', r ->> 'reason') from answers a, jsonb_array_elements(a.answer -> 'refused') r where a.name = 'migrated'),
    '{
        "o3": "batch.orphan", "r5": "database.unknown", "a5": "database.unknown", "r6": "batch.orphan", "r9": "batch.missing", "a9": "batch.missing",
        "wrong db": "batch.other_database", "wrong staff": "batch.other_staff", "wrong product": "product.mismatch", "left": "staff.unknown",
        "v2": "duplicate", "v3": "staff.unknown"
    }', 'what cannot be is refused, each with its reason'
);
select is(
    (select members.migrate_legacy(pg_temp.alpha()) - '{repaired,refused}'::text[]),
    '{"databases": 0, "batches": 0, "records": 0, "reservations": 0, "replacements_linked": 0}', 'running it again changes nothing'
);
select is(pg_temp.row('good', 'morning', '2024-05-02T09:00:00', '{"validation_status": "valid", "row_data": {"username": "C"}}'), 0, 'what is in is not staged again');
select is(pg_temp.row('left', 'morning', '2024-05-02T09:00:00', '{"assigned_to_email": "left@alpha.test"}'), 0, 'the same row is not staged twice');
select pg_temp.row('left', 'morning', '2024-05-02T09:00:00');
select is(members.migrate_legacy(pg_temp.alpha()) ->> 'records', '1', 'a row that was mended comes in');

-- As ours

select tests.become('adm@alpha.test');
select results_eq(
    $$ select b.initial_count, b.current_count from api.batches b order by b.batch_id $$, $$ values (8, 9::bigint), (3, 3::bigint) $$,
    'batches are what is in them'
);
select results_eq(
    $$ select r.customer_id, r.phone, r.status, r.validation_status, r.is_reservation_conflict, r.product_name, r.database_name from api.records r where r.customer_id = 'C' $$,
    $$ values ('C', '0811', 'assigned', 'validated', true, 'P1', 'D1') $$,
    'a record has its key, name and phone columns, and is flagged when somebody else has reserved the customer'
);
select is(
    (select count(*) from api.records r join api.records o on o.record_id = r.replaced_invalid_ids[1] where o.customer_id = 'u-a' || substr(r.customer_id, 4)),
    7::bigint, 'LD-14: each replacement replaces the one it replaced'
);
select is(
    (select c.total_records || ' = ' || concat_ws(' + ', c.available_count, c.assigned_count, c.archived_count) from api.v_database_counts c join api.databases d using (database_id) where d.name = 'D1'),
    '23 = 4 + 12 + 7', 'counts are exact'
);
select is(
    (select r.last_omset_date::text || ' ' || r.staff_name from api.reservations r), '2024-05-01 STF2 Alpha', 'of duplicates the oldest reservation stays'
);
select is(
    (select string_agg(c.reserved_by_staff_name, ' ') from api.conflicts c), 'STF2 Alpha', 'its conflict is in the log'
);
select is(
    (select jsonb_build_array(d -> 'health_status', jsonb_array_length(d -> 'refused'), d -> 'difference') from api.members_diagnose_batches() d),
    '["NEEDS_REPAIR", 9, 0]', 'the report lists each row that was refused'
);
select tests.become('stf@alpha.test');
select is((select count(*) from api.batches), 2::bigint, 'the staff finds the own cards');

select * from finish();
rollback;
