-- Reservations: asked for, decided, added, moved, deleted, restored; a customer is one staff's for a product.

begin;
select plan(63);
\ir _members.psql
\ir _reservations.psql

-- Asking (case 37)

select tests.become('stf@alpha.test');
select is(
    tests.faults_of(format($$ select api.members_reserve('{"customer_id": "C", "product_id": %s}') $$, pg_temp.product('P1'))),
    array['phone_number reservation.phone_number.required'], 'D-5: staff must say how the customer is reached'
);
select is(
    tests.faults_of(format(
        $$ select api.members_reserve('{"customer_id": "C", "product_id": %s, "phone_number": "1", "staff_id": "%s"}') $$,
        pg_temp.product('P1'), tap.uid('stf2@alpha.test')
    )),
    array['staff_id reservation.field.unknown'], 'staff reserve for nobody but themselves'
);
select is(
    tests.error_of($$ select api.members_reserve('{"customer_id": "C", "product_id": 999999, "phone_number": "1"}') $$),
    'PT404 product.not_found', 'of a product that exists'
);
select is(pg_temp.ask('C', ' C '), 'asked', 'case 37: a staff asks for a customer');
select results_eq(
    $$ select r.customer_id, r.status, r.staff_id, r.phone_number, r.approved_at from api.reservations r $$,
    format($$ values ('C', 'pending', %L::uuid, '0811', null::timestamptz) $$, tap.uid('stf@alpha.test')),
    'case 37: pending, and the owner is whoever asked'
);
select is(
    array[pg_temp.told('adm@alpha.test'), pg_temp.told('mad@alpha.test'), pg_temp.told('sa@alpha.test'), pg_temp.told('sm@alpha.test')],
    array['new_reserved_request', 'new_reserved_request', 'new_reserved_request', null],
    'case 37, BF-42: every admin is told, master admins too, managers of other teams not'
);
select is((api.members_pending_reservations() ->> 'pending_count'), '1', 'the badge counts what waits');

-- Adding as admin

select tests.become('adm@alpha.test');
select is(
    tests.faults_of(format($$ select api.members_reserve('{"customer_id": "A", "product_id": %s}') $$, pg_temp.product('P1'))),
    array['staff_id reservation.staff_id.required'], 'case 37: an admin must say for whom'
);
select is(pg_temp.add('A', 'A', 'stf@alpha.test'), 'added', 'case 37: an admin adds without a telephone number (D-5)');
select results_eq(
    format('select status, staff_id, approved_by from api.reservations where reservation_id = %s', pg_temp.id('A')),
    format($$ values ('approved', %L::uuid, %L::uuid) $$, tap.uid('stf@alpha.test'), tap.uid('adm@alpha.test')),
    'case 37: approved at once, by whoever added it'
);
select is(
    tests.error_of(format(
        $$ select api.members_reserve('{"customer_id": "B", "product_id": %s, "staff_id": "%s"}') $$,
        pg_temp.product('P1'), tap.uid('stf@beta.test')
    )),
    'PT404 staff.not_found', 'not for somebody of another organisation'
);
select is(
    tests.error_of(format(
        $$ select api.members_reserve('{"customer_id": "B", "product_id": %s, "staff_id": "%s"}') $$,
        pg_temp.product('P1'), tap.uid('fin@alpha.test')
    )),
    'PT404 staff.not_found', 'nor for somebody whose role reserves nobody'
);

-- A customer is reserved once for a product (cases 38, 39, 41, BF-9)

select tests.become('stf2@alpha.test');
select is(
    tests.error_of(format(
        $$ select api.members_reserve('{"customer_id": "a ", "product_id": %s, "phone_number": "1"}') $$, pg_temp.product('P1')
    )),
    'PT409 reservation.duplicate', 'case 38, BF-9: not twice, in any case of letters'
);
select throws_like(
    format($$ select api.members_reserve('{"customer_id": "a ", "product_id": %s, "phone_number": "1"}') $$, pg_temp.product('P1')),
    'a is reserved by STF Alpha already.', 'case 38, BF-9: the answer names the owner'
);
select is(
    tests.error_of(format(
        $$ select api.members_reserve('{"customer_id": "c", "product_id": %s, "phone_number": "1"}') $$, pg_temp.product('P1')
    )),
    'PT409 reservation.duplicate', 'BF-9: a pending one is in the way as well'
);
select is(pg_temp.ask('A in P2', 'a', 'P2'), 'asked', 'case 38, D-13: for another product it is free');
select tests.become_owner();
insert into members.reservations (org_id, product_id, customer_id, customer_name, staff_id, status, approved_at)
values (pg_temp.alpha(), pg_temp.product('P1'), 'legacy-77', 'Old Name', tap.uid('stf@alpha.test'), 'approved', app.now());
select tests.become('stf2@alpha.test');
select is(
    tests.error_of(format(
        $$ select api.members_reserve('{"customer_id": "OLD NAME", "product_id": %s, "phone_number": "1"}') $$, pg_temp.product('P1')
    )),
    'PT409 reservation.duplicate', 'case 39, BF-9: the older name is compared too'
);
select tests.become_owner();
select is(
    tests.error_of(format(
        $$ insert into members.reservations (org_id, product_id, customer_id, staff_id, status) values (%L, %s, ' OLD name', %L, 'pending') $$,
        pg_temp.alpha(), pg_temp.product('P1'), tap.uid('stf2@alpha.test')
    )),
    '23505', 'case 41: whoever writes it, the unique key refuses'
);

-- Deciding (case 40)

select tests.become('adm@alpha.test');
select is(api.members_approve_reservation(pg_temp.id('C')) ->> 'status', 'approved', 'case 40: an admin approves');
select is(
    (select r.approved_by from api.reservations r where r.reservation_id = pg_temp.id('C')), tap.uid('adm@alpha.test'),
    'case 40: and is kept as the approver'
);
select is(
    tests.error_of(format('select api.members_approve_reservation(%s)', pg_temp.id('C'))), 'PT409 reservation.not_pending',
    'case 40: not again'
);
select is(
    tests.error_of(format('select api.members_reject_reservation(%s)', pg_temp.id('C'))), 'PT409 reservation.not_pending',
    'case 40: nor rejected any more'
);
select is(
    api.members_reject_reservation(pg_temp.id('A in P2')) ->> 'status', 'rejected', 'case 40: an admin rejects'
);
select is_empty(
    format('select from api.reservations where reservation_id = %s', pg_temp.id('A in P2')), 'case 40: a rejected one is gone'
);
select is_empty('select from api.deleted_reservations', 'and in no archive: it never counted');
select is(pg_temp.told('stf@alpha.test'), 'reserved_approved reserved_approved', 'case 40: the staff was told of approvals');
select is(pg_temp.told('stf2@alpha.test'), 'reserved_rejected', 'case 40: and of the rejection');

-- Who may (cases 2, 43)

select tests.become('stf@alpha.test');
select is(tests.error_of(s), 'PT403 permission.denied', 'cases 2, 43: staff may not ' || what)
from (
    values
        (format('select api.members_approve_reservation(%s)', pg_temp.id('C')), 'approve'),
        (format('select api.members_reject_reservation(%s)', pg_temp.id('C')), 'reject'),
        (format('select api.members_delete_reservation(%s)', pg_temp.id('C')), 'delete'),
        (format($$ select api.members_move_reservation(%s, '{}') $$, pg_temp.id('C')), 'move'),
        (format('select api.members_toggle_permanent(%s)', pg_temp.id('C')), 'make permanent'),
        ($$ select api.members_reserve_many('{}') $$, 'add many'),
        ('select api.members_restore_reservation(1)', 'restore'),
        ('select api.members_list_deleted_reservations()', 'see the archive')
) as v (s, what);
select tests.become('dir@alpha.test');
select is(
    tests.error_of(format('select api.members_delete_reservation(%s)', pg_temp.id('C'))), 'PT403 permission.denied', 'a director reads only'
);
select tests.become('adm@beta.test');
select is(
    tests.error_of(format('select api.members_delete_reservation(%s)', pg_temp.id('C'))), 'PT404 reservation.not_found',
    'case 43: one of another organisation is not there'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of(format('select api.members_delete_reservation(%s)', pg_temp.id('C'))), 'PT404 reservation.not_found',
    'a sales manager manages those of the own team'
);
select is(pg_temp.add('sp1', 'of sp1', 'sp1@alpha.test'), 'added', 'and adds for it');
select is(
    tests.error_of(format(
        $$ select api.members_move_reservation(%s, '{"new_staff_id": "%s"}') $$, pg_temp.id('sp1'), tap.uid('stf@alpha.test')
    )),
    'PT404 staff.not_found', 'but not to others'
);
select tests.become('adm@alpha.test');
select is(
    tests.error_of(format(
        $$ select api.members_move_reservation(%s, '{"new_staff_id": "00000000-0000-4000-8000-000000000000"}') $$, pg_temp.id('C')
    )),
    'PT404 staff.not_found', 'case 43: move to an unknown staff'
);
select is(tests.error_of('select api.members_toggle_permanent(999999)'), 'PT404 reservation.not_found', 'case 43: an unknown id');
select is(api.members_toggle_permanent(pg_temp.id('C')) ->> 'is_permanent', 'true', 'made permanent');
select is(api.members_toggle_permanent(pg_temp.id('C')) ->> 'is_permanent', 'false', 'and temporary again');

-- Who sees (case 44)

select tests.become('stf@alpha.test');
select is(pg_temp.ask('mine', 'mine'), 'asked', 'one that waits');
select tests.become('stf2@alpha.test');
select is(
    (select string_agg(r ->> 'customer_id', ' ') from jsonb_array_elements(api.members_list_reservations() -> 'items') r),
    'of sp1 legacy-77 A C', 'case 44: everybody''s approved ones are seen, others'' pending ones are not'
);
select is(
    (select string_agg(r ->> 'customer_id', ' ') from jsonb_array_elements(api.members_list_reservations(p_staff_id => tap.uid('sp1@alpha.test')) -> 'items') r),
    'of sp1', 'case 44: by staff'
);
select is(
    jsonb_array_length(api.members_list_reservations(p_product_id => pg_temp.product('P2')) -> 'items'), 0, 'case 44: by product'
);
select is(
    (select string_agg(r ->> 'customer_id', ' ') from jsonb_array_elements(api.members_list_reservations(p_status => 'pending') -> 'items') r),
    null, 'case 44: by status'
);
select tests.become('adm@alpha.test');
select is(
    (
        select array[jsonb_array_length(p -> 'items')::text, p #>> '{items,0,customer_id}', (p -> 'next')::text]
        from api.members_list_reservations(p_limit => 2, p_after => jsonb_build_object('reservation_id', pg_temp.id('mine'))) p
    ),
    array['2', 'of sp1', format('{"reservation_id": %s}', (select r.reservation_id from api.reservations r where r.customer_id = 'legacy-77'))],
    'page by page'
);

-- Deleting, archiving, restoring (case 53, BF-40)

select is(
    api.members_delete_reservation(pg_temp.id('A')) - 'reservation_id', '{"is_archived": true, "restored_records": 0}',
    'an approved reservation goes to the archive'
);
select is(pg_temp.add('A again', 'a', 'stf@alpha.test'), 'added', 'case 53: it can be reserved again');
select is_empty('select from api.deleted_reservations', 'case 53: then it is in the archive no more');
select is(api.members_delete_reservation(pg_temp.id('A again')) ->> 'is_archived', 'true', 'case 53: and deleted again');
select is(pg_temp.add('A of stf2', 'A', 'stf2@alpha.test'), 'added', 'somebody else reserves it');
select results_eq(
    'select customer_id, staff_id, deleted_reason from api.deleted_reservations',
    format($$ values ('a', %L::uuid, 'admin_manual_delete') $$, tap.uid('stf@alpha.test')),
    'case 53, BF-40, LD-6: the archive has it once, and another staff''s reservation leaves it there'
);
insert into ids select 'archived', d.deleted_id from api.deleted_reservations d;
select is(
    tests.error_of(format('select api.members_restore_reservation(%s)', pg_temp.id('archived'))), 'PT409 reservation.duplicate',
    'case 53: it cannot come back while the customer is somebody''s'
);
select is(api.members_delete_reservation(pg_temp.id('A of stf2')) ->> 'is_archived', 'true', 'the other one ends');
select is(
    (select r - '{reservation_id,approved_at,created_at}'::text[] from (select api.members_restore_reservation(pg_temp.id('archived'))) x (r)) ->> 'staff_name',
    'STF Alpha', 'then it comes back to its staff'
);
select is(
    (select string_agg(d.staff_name, ' ') from api.deleted_reservations d), 'STF2 Alpha', 'and leaves the archive'
);
select is(
    api.members_forget_reservation((select d.deleted_id from api.deleted_reservations d)) ? 'deleted_id', true, 'an entry can be removed for good'
);
select is_empty('select from api.deleted_reservations', 'then it is gone');

-- Every change is in the audit trail

select tests.become('mad@alpha.test');
select is(
    (
        select string_agg(distinct a.action, ' ' order by a.action)
        from api.audit_logs a
        where a.table_name = 'members.reservations'
    ),
    'DELETE INSERT UPDATE', 'the trail has reservations made, changed and deleted'
);

select * from finish();
rollback;
