-- The clock of reservations: grace from the last deposit, warnings, the archive, and deposits that bring one back.

begin;
select plan(50);
\ir _members.psql
\ir _reservations.psql

reset role;
-- An approved reservation of stf's; its last deposit so many days ago, null = never; approved so many days ago.
create function pg_temp.aged(p_customer text, p_deposit_days integer, p_approved_days integer default 0, p_product text default 'P1')
returns void
language sql
as $$
    insert into members.reservations (org_id, product_id, customer_id, staff_id, status, approved_at, last_deposit_on)
    values (
        pg_temp.alpha(), pg_temp.product(p_product), p_customer, tap.uid('stf@alpha.test'), 'approved',
        app.now() - make_interval(days => p_approved_days), date '2031-03-01' - p_deposit_days
    )
$$;
create function pg_temp.run() returns text
language sql
security definer
as $$
    select format('%s removed, %s warned', e ->> 'members_removed', e ->> 'warnings_sent')
    from members.expire_reservations(pg_temp.alpha(), 1000) e
$$;
create function pg_temp.live() returns text
language sql
security definer
as $$ select string_agg(r.customer_id, ' ' order by r.customer_id) from members.reservations r $$;
create function pg_temp.archived() returns text
language sql
security definer
as $$
    select string_agg(concat_ws(':', d.customer_id, d.deleted_reason, d.grace_days_used, d.days_since_last_deposit), ' ' order by d.customer_id)
    from members.deleted_reservations d
$$;
create function pg_temp.note(p_product text, p_staff text, p_customer text, p_on date) returns bigint
language sql
security definer
as $$ select members.note_deposit(pg_temp.alpha(), pg_temp.product(p_product), tap.uid(p_staff), p_customer, p_on) $$;
select tests.become_owner();

-- Case 45: a warning, once a day

select pg_temp.aged('d29', 29, 100);
select pg_temp.aged('d23', 23);
select pg_temp.aged('d22', 22);
select pg_temp.aged('d00', 0);
select is(pg_temp.run(), '0 removed, 2 warned', 'case 45: whoever has 1 to 7 days left is warned');
select is(
    (
        select string_agg(n.title || ' ' || (n.data ->> 'remaining_days'), ', ' order by n.title)
        from app.notifications n
        where n.user_id = tap.uid('stf@alpha.test') and n.topic = 'reserved_member_expiring'
    ),
    'Your reservation of d23 ends in 7 days 7, Your reservation of d29 ends in 1 days 1', 'case 45: the owner is told how long'
);
select is(pg_temp.run(), '0 removed, 0 warned', 'case 45: a second run the same day adds none');
select is(pg_temp.live(), 'd00 d22 d23 d29', 'case 45: nothing is archived');
select is_empty(
    $$ select from app.audit_logs a where a.table_name = 'members.reservations' and a.action = 'UPDATE' $$, 'a warning is no change of the reservation'
);

-- Cases 46, BF-15: the thirtieth day

delete from members.reservations;
select pg_temp.aged('d30', 30);
select pg_temp.aged('d31', 31);
select pg_temp.aged('d30p2', 30, 0, 'P2');
insert into members.reservation_grace (org_id, product_id, grace_days) values (pg_temp.alpha(), pg_temp.product('P2'), 40);
insert into members.reservations (org_id, product_id, customer_id, staff_id, status) values (pg_temp.alpha(), pg_temp.product('P1'), 'pending', tap.uid('stf@alpha.test'), 'pending');
insert into members.reservations (org_id, product_id, customer_id, staff_id, status, approved_at, last_deposit_on, is_permanent)
values (pg_temp.alpha(), pg_temp.product('P1'), 'permanent', tap.uid('stf@alpha.test'), 'approved', app.now(), '2020-01-01', true);
select pg_temp.make_database('w', 'P1', 3);
select pg_temp.hold('r:w', 'w', 'D30', 'stf2@alpha.test');
-- The reservation was there first.
delete from members.reservations where customer_id = 'd30';
select pg_temp.aged('d30', 30);
select is(pg_temp.flagged(), 'r:w', 'somebody else has a record of it');
select is(pg_temp.run(), '2 removed, 0 warned', 'case 46: on the thirtieth day and later it ends, although it was approved today (BF-15)');
select is(
    pg_temp.archived(), 'd30:no_omset_grace_period:30:30 d31:no_omset_grace_period:30:31', 'case 46: and is archived with the reason'
);
select is(pg_temp.live(), 'd30p2 pending permanent', 'case 46: a product with 40 days keeps its own; permanent and pending ones are passed by');
select is(pg_temp.flagged(), null, 'case 57, BF-11: what it had flagged is given back');
select is(
    (select string_agg(c.restored_reason, ' ' order by c.conflict_id) from members.conflicts c), 'reservation_expired', 'the log says why'
);
select is(
    (select count(*) from app.notifications n where n.user_id = tap.uid('stf@alpha.test') and n.topic = 'reserved_member_expired'),
    2::bigint, 'case 46: the owner is told of each'
);
select is(pg_temp.run(), '0 removed, 0 warned', 'and once is enough');
select is(
    (select count(*) from members.deleted_reservations d where d.deleted_by is null), 2::bigint, 'the archive says that the system did it'
);

-- Case 47, D-6: without a deposit

delete from members.reservations;
delete from members.deleted_reservations;
select pg_temp.aged('fresh', null, 1);
select pg_temp.aged('old', null, 30);
select is(pg_temp.run(), '1 removed, 0 warned', 'case 47, D-6: without a deposit grace counts from the approval');
select is(pg_temp.archived(), 'old:no_deposit:30', 'case 47: the reason says that there never was one');
insert into app.settings (org_id, key, value) values (pg_temp.alpha(), 'reservation_without_deposit', '"immediate"');
select is(pg_temp.run(), '1 removed, 0 warned', 'case 47, D-6: or ends at once, where the organisation wants it so');
select is(pg_temp.archived(), 'fresh:no_deposit:30 old:no_deposit:30', 'case 47: with the same reason');
delete from app.settings where key = 'reservation_without_deposit';

-- BF-3: days are the organisation's

select pg_temp.aged('night', 29);
update app.clock set frozen_at = '2031-03-01 16:59+00';
select is(pg_temp.run(), '0 removed, 1 warned', 'BF-3: one minute before midnight in Jakarta it is still the first of March');
update app.clock set frozen_at = '2031-03-01 17:01+00';
select is(pg_temp.run(), '1 removed, 0 warned', 'BF-3: one minute after it is the second, whatever time the server has');
update app.clock set frozen_at = '2031-03-01 05:00+00';

-- The job (case 50, BF-14)

select results_eq(
    $$ select j.daily_at, j.is_enabled from app.jobs j where j.job_key = 'members.expire_reservations' $$,
    $$ values ('00:01'::time, true) $$, 'case 50, BF-14: it runs at 00:01 of the organisation''s day, always'
);
select pg_temp.aged('by job', 30);
select is(app.do_scheduled_job('members.expire_reservations', pg_temp.alpha(), 1000), 1, 'the job does one chunk');
select is(app.do_scheduled_job('members.expire_reservations', pg_temp.alpha(), 1000), 0, 'and then nothing');
select pg_temp.aged('chunk' || n, 30 + n) from generate_series(1, 5) n;
select is(app.do_scheduled_job('members.expire_reservations', pg_temp.alpha(), 2), 2, 'as many as it may');
select is(app.do_scheduled_job('members.expire_reservations', pg_temp.alpha(), 10), 3, 'and goes on with the rest');

-- What is restored has a grace of its own

select tests.become('adm@alpha.test');
select is(
    api.members_restore_reservation((select d.deleted_id from api.deleted_reservations d where d.customer_id = 'chunk1')) ->> 'restored_on',
    '2031-03-01', 'an expired reservation is restored'
);
select is(api.members_run_expiry(), '{"members_removed": 0, "warnings_sent": 0}', 'and does not vanish the same night');

-- Preview and run by hand

select tests.become_owner();
select pg_temp.aged('soon', 25);
select pg_temp.aged('sooner', 28);
select pg_temp.aged('over', 33);
select tests.become('adm@alpha.test');
select is(
    api.members_expiry_preview() -> 'counts', '{"active": 1, "expiring": 2, "expired": 1, "permanent": 0}', 'the preview counts every bucket'
);
select is(
    (select jsonb_path_query_array(api.members_expiry_preview(), '$.items[*].customer_id')), '["sooner", "soon"]', 'those with least left come first'
);
select is(
    (
        select p -> 'next' || (api.members_expiry_preview('expiring', 1, p -> 'next') #> '{items,0}') - '{approved_at,product_id,staff_id,staff_name,reservation_id}'::text[]
        from api.members_expiry_preview('expiring', 1) p
    ) ->> 'customer_id',
    'soon', 'page by page'
);
select is(
    (select jsonb_path_query_array(api.members_expiry_preview('expired'), '$.items[*].remaining_days')), '[-3]', 'what is over says by how much'
);
select is(api.members_run_expiry(), '{"members_removed": 1, "warnings_sent": 2}', 'what the preview says is what the run does');
select tests.become('sm@alpha.test');
select is(api.members_expiry_preview() #>> '{counts,expiring}', '0', 'a sales manager sees the own team''s');
select is(tests.error_of('select api.members_run_expiry()'), 'PT403 permission.denied', 'and does not run it for all');
select tests.become('stf@alpha.test');
select is(tests.error_of('select api.members_expiry_preview()'), 'PT403 permission.denied', 'staff do not see it');

-- Settings (case 51)

select is(tests.error_of($$ select api.members_set_reservation_config('{"warning_days": 3}') $$), 'PT403 permission.denied', 'staff set nothing');
select tests.become('adm@alpha.test');
select is(
    api.members_set_reservation_config(jsonb_build_object(
        'global_grace_days', 20, 'warning_days', 5, 'product_overrides', jsonb_build_array(jsonb_build_object('product_id', pg_temp.product('P1'), 'grace_days', 60))
    )) #- '{product_overrides,0,product_id}',
    '{"global_grace_days": 20, "warning_days": 5, "without_deposit": "from_approval", "product_overrides": [{"product_name": "P1", "grace_days": 60}]}',
    'grace, warnings and products are set; overrides replace those before'
);
select is(
    tests.faults_of($$ select api.members_set_reservation_config('{"global_grace_days": 0, "warning_days": 0}') $$),
    array['global_grace_days reservation_config.global_grace_days.range', 'warning_days reservation_config.warning_days.range'], 'case 51: grace 0, warning 0'
);
select is(
    tests.error_of($$ select api.members_set_reservation_config('{"warning_days": 30, "global_grace_days": 30}') $$), 'PT422 setting.invalid',
    'case 51: warnings begin before grace ends'
);
select tests.become('sa@alpha.test');
select is(
    tests.error_of($$ select api.app_set_setting('reservation_grace_days', '5') $$), 'PT422 setting.invalid', 'case 51: whichever way it is set'
);
select tests.become('adm@alpha.test');
select is(
    tests.faults_of($$ select api.members_set_reservation_config('{"product_overrides": [{"product_id": 999999, "grace_days": 5}]}') $$),
    array['product_overrides[0].product_id reservation_config.product_overrides.product_id.unknown'], 'case 51: an unknown product'
);
select is(
    tests.faults_of(format($$ select api.members_set_reservation_config('{"product_overrides": [{"product_id": %s, "grace_days": 0}]}') $$, pg_temp.product('P1'))),
    array['product_overrides[0].grace_days reservation_config.product_overrides.grace_days.range'], 'case 51: and days out of range'
);

-- Deposits (cases 49, 52)

select tests.become_owner();
delete from members.reservations;
delete from members.deleted_reservations;
insert into members.reservations (org_id, product_id, customer_id, customer_name, staff_id, status, approved_at)
values (pg_temp.alpha(), pg_temp.product('P1'), 'C', 'Old C', tap.uid('stf@alpha.test'), 'approved', app.now());
select pg_temp.note('P1', 'stf@alpha.test', 'c', '2026-02-20');
select pg_temp.note('P1', 'stf@alpha.test', 'C', '2026-02-01');
select is((select r.last_deposit_on from members.reservations r), '2026-02-20'::date, 'case 49, LD-7: the newest deposit counts, in whichever order');
select pg_temp.note('P1', 'stf@alpha.test', ' old c', '2026-02-21');
select pg_temp.note('P1', 'stf2@alpha.test', 'C', '2026-02-25');
select pg_temp.note('P2', 'stf@alpha.test', 'C', '2026-02-26');
select is(
    (select r.last_deposit_on from members.reservations r), '2026-02-21'::date, 'case 49, BF-13: by either name; another staff''s or product''s does not count'
);
select members.set_last_deposit(pg_temp.alpha(), pg_temp.product('P1'), tap.uid('stf@alpha.test'), 'C', '2026-02-01');
select is((select r.last_deposit_on from members.reservations r), '2026-02-01'::date, 'LD-7: when deposits are deleted it goes back');
select members.end_reservations(pg_temp.alpha(), array(select r.reservation_id from members.reservations r), 'admin_manual_delete', null);
select is(pg_temp.note('P1', 'stf2@alpha.test', 'C', '2031-03-01'), null, 'case 52: another staff''s deposit brings nothing back');
select isnt(pg_temp.note('P1', 'stf@alpha.test', 'OLD C', '2031-03-01'), null, 'case 52: the staff''s own does');
select is(
    (select to_jsonb(r) - '{org_id,reservation_id,product_id,staff_id,created_at,approved_at,auto_reassigned_at}'::text[] from members.reservations r),
    '{"customer_id": "C", "customer_name": "Old C", "phone_number": null, "status": "approved", "created_by": null, "approved_by": null,
      "is_permanent": false, "last_deposit_on": "2031-03-01", "restored_on": null, "warned_on": null}',
    'case 52: approved, by the system, with the deposit''s date'
);
select is(
    (pg_temp.archived() is null)::text || ' ' || right(pg_temp.told('stf@alpha.test'), 25), 'true reservation_auto_restored', 'case 52: the archive lets go of it, the owner is told'
);
select members.end_reservations(pg_temp.alpha(), array(select r.reservation_id from members.reservations r), 'admin_manual_delete', null);
select members.add_reservation(pg_temp.alpha(), pg_temp.product('P1'), 'C', tap.uid('stf2@alpha.test'), null, false);
select is(pg_temp.note('P1', 'stf@alpha.test', 'C', '2031-03-01'), null, 'case 52: not while the customer is somebody else''s');

select * from finish();
rollback;
