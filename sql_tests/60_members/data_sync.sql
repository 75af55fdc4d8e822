-- The data sync dashboard: health as a number, what can be repaired, the check by the clock.

begin;
select plan(43);
\ir _members.psql
\ir _reservations.psql

reset role;
create function pg_temp.health() returns text
language sql
security definer
as $$
    select concat_ws(' ', h ->> 'health_score', h ->> 'status', h #>> '{issues,0,kind}', h #>> '{warnings,0,kind}')
    from members.health_of(pg_temp.alpha()) h
$$;
create function pg_temp.warned(p_topic text) returns text
language sql
security definer
as $$
    select string_agg(split_part(p.email, '@', 1), ' ' order by p.email)
    from app.notifications n
    join app.profiles p on p.org_id = n.org_id and p.user_id = n.user_id
    where n.topic = p_topic and n.resolved_at is null
$$;
select tests.become_owner();
select pg_temp.make_database('w', 'P1', 3);

-- Case 151

select is(pg_temp.health(), '100 healthy', 'case 151: clean data are 100, healthy');
select pg_temp.reserve('kept', 'P1', 'stf@alpha.test');
select pg_temp.reserve('C1', 'P1', 'stf2@alpha.test');
select pg_temp.reserve('C2', 'P1', 'stf2@alpha.test');
select is(pg_temp.health(), '100 healthy', 'reservations of people who work here are fine');
select pg_temp.hold('r:w', 'w', 'C1', 'sp1@alpha.test');
update app.profiles set is_active = false where email = 'stf2@alpha.test';
select is(pg_temp.health(), '80 healthy orphaned_reserved_members', 'case 151: orphaned reservations, however many, cost 20');
update app.profiles set is_active = true, role_key = 'finance' where email = 'stf2@alpha.test';
select is(pg_temp.health(), '80 healthy orphaned_reserved_members', 'whoever works on something else now owns no customer either');
insert into members.reservations (org_id, product_id, customer_id, staff_id, status, approved_at, last_deposit_on)
values (pg_temp.alpha(), pg_temp.product('P1'), 'late', tap.uid('stf@alpha.test'), 'approved', app.now(), '2031-01-01');
select is(pg_temp.health(), '75 warning orphaned_reserved_members expired_reservations', 'LD-27: what is past its grace is a warning and costs 5');

-- The dashboard

select tests.become('adm@alpha.test');
insert into answers select 'health', api.members_get_health();
select is(
    (select a.answer -> 'issues' from answers a where a.name = 'health') #- '{0,sample_ids}',
    '[{"kind": "orphaned_reserved_members", "severity": "high", "count": 2, "can_repair": true}]', 'it says how many of what, and whether it can be repaired'
);
select is(
    (select a.answer -> 'stats' from answers a where a.name = 'health'),
    '{
        "reservations_pending": 0, "reservations_approved": 4, "deleted_reservations": 0, "open_conflicts": 0, "databases": 1,
        "legacy_records_refused": 0, "records": 4, "records_assigned": 1, "records_in_conflict": 0
    }', 'how much there is'
);
select is(
    (select jsonb_path_query_array(a.answer, '$.scheduler[*].job_key') from answers a where a.name = 'health'),
    '["members.check_health", "members.expire_reservations"]', 'and what the clock does'
);
select tests.become('mad@alpha.test');
select is(
    api.members_get_health() - 'scheduler', (select a.answer - 'scheduler' from answers a where a.name = 'health'),
    'admin and master admin see the same (BF-1)'
);
select tests.become('adm@beta.test');
select is((select api.members_get_health() ->> 'health_score'), '100', 'another organisation has its own');
select tests.become('stf@alpha.test');
select is(tests.error_of('select api.members_get_health()'), 'PT403 permission.denied', 'staff do not see it');
select is(tests.error_of($$ select api.members_repair_data('{"repair": "all"}') $$), 'PT403 permission.denied', 'nor repair');
select tests.become('dir@alpha.test');
select is((select api.members_get_health() ->> 'status'), 'warning', 'a director sees it');
select is(tests.error_of('select api.members_check_health()'), 'PT403 permission.denied', 'and starts nothing');

select tests.become('adm@alpha.test');
select is(
    (
        select jsonb_object_agg(i ->> 'feature', concat_ws(' ', i ->> 'total', i ->> 'waiting', i ->> 'out_of_step', i ->> 'status'))
        from jsonb_array_elements(api.members_sync_status() -> 'items') i
    ),
    '{
        "databases": "1 0 0 in_step", "requests": "0 0 0 in_step", "reservations": "4 0 3 attention", "conflicts": "0 0 0 in_step",
        "imports": "0 0 0 in_step", "previous system": "0 0 0 in_step"
    }', '§5.23: feature by feature'
);
select tests.become('stf@alpha.test');
select is(tests.error_of('select api.members_sync_status()'), 'PT403 permission.denied', '§5.23: not for staff');

-- Case 152: the check

select tests.become('adm@alpha.test');
select is(
    api.members_get_monitoring(),
    '{"enabled": false, "check_interval_hours": 6, "notify_on_warning": false, "notify_on_critical": true, "last_check": null}', 'case 152: off, every 6 hours'
);
select is(
    api.members_check_health(),
    '{"health_score": 75, "issues_found": 1, "critical_issues": 1, "medium_issues": 0, "warnings_found": 1, "notifications_sent": 3}',
    'case 152: a check says what it found'
);
select is(pg_temp.warned('data_health_critical'), 'adm mad sa', 'case 152, BF-42: every admin and master admin is told of a high issue');
select is(api.members_check_health() ->> 'notifications_sent', '3', 'a later check tells again');
select is(pg_temp.warned('data_health_critical'), 'adm mad sa', 'and what was said before is settled');
select is(
    api.members_set_monitoring('{"enabled": true, "check_interval_hours": 12, "notify_on_critical": false}') - 'last_check',
    '{"enabled": true, "check_interval_hours": 12, "notify_on_warning": false, "notify_on_critical": false}', 'case 152: settings persist'
);
select is(api.members_check_health() ->> 'notifications_sent', '0', 'who wants to hear nothing hears nothing');
select is(
    tests.faults_of($$ select api.members_set_monitoring('{"check_interval_hours": 0}') $$),
    array['check_interval_hours monitoring.check_interval_hours.range'], 'within its range'
);
select tests.become_owner();
select is(app.do_scheduled_job('members.check_health', null, 1000), 0, 'the clock waits until the interval is over');
update app.clock set frozen_at = frozen_at + interval '12 hours';
select is(app.do_scheduled_job('members.check_health', null, 1000), 1, 'and then checks those who want it');

-- Case 153: repairs

update app.clock set frozen_at = '2031-03-01 05:00+00';
select tests.become('adm@alpha.test');
select is(
    tests.faults_of($$ select api.members_repair_data('{"repair": "everything"}') $$), array['repair data_sync.repair.unknown'], 'only repairs that there are'
);
select is(
    api.members_repair_data('{"repair": "orphaned_reserved_members"}'),
    '{"repair": "orphaned_reserved_members", "repaired": {"orphaned_reserved_members": 2}, "health_score": 95}', 'orphaned reservations end'
);
select is(
    (select string_agg(d.customer_id || ':' || d.deleted_reason, ' ' order by d.customer_id) from api.deleted_reservations d),
    'C1:admin_manual_delete C2:admin_manual_delete', 'and go to the archive'
);
select is(
    api.members_repair_data('{"repair": "all"}'),
    '{"repair": "all", "repaired": {"orphaned_reserved_members": 0, "expired_reservations": 1}, "health_score": 100}', 'case 153: again repairs none; all repairs the rest'
);
select is(api.members_check_health() ->> 'notifications_sent', '0', 'case 152: nothing wrong, nobody told');
select is(
    (select string_agg(l ->> 'type', ' ') from jsonb_array_elements(api.members_list_system_logs(4) -> 'items') l),
    'proactive_health_check data_repair data_repair proactive_health_check', 'cases 152, 153: all of it is logged'
);
select is(
    (select count(*) from api.system_logs l where l.performed_by is null), 1::bigint, 'what the clock did is nobody''s'
);
select tests.become('adm@beta.test');
select is((select count(*) from api.system_logs), 0::bigint, 'another organisation sees nothing of it');

-- One database: kept numbers beside counted ones (§5.11)

select tests.become('adm@alpha.test');
insert into answers select 'sound', api.members_database_health('member_wd', pg_temp.id('w'));
select is(
    (select a.answer - '{database_id,kept,counted}'::text[] from answers a where a.name = 'sound'),
    '{
        "database_name": "w", "is_healthy": true, "sum_matches": true, "batches": 1,
        "issues": {"counts_differ": 0, "assignments_unmatched": 0, "conflicts_unmatched": 0}
    }', '§5.11: a database of which all is true'
);
select is(
    (select a.answer -> 'counted' from answers a where a.name = 'sound'),
    '{"total": 4, "available": 3, "requested": 0, "assigned": 1, "archived": 0, "conflicts": 0}', '§5.11: counted record by record'
);
select tests.become('dir@alpha.test');
select is(
    api.members_database_health('member_wd', pg_temp.id('w')), (select a.answer from answers a where a.name = 'sound'), 'a director sees the same'
);
select tests.become('stf@alpha.test');
select is(
    tests.error_of(format($$ select api.members_database_health('member_wd', %s) $$, pg_temp.id('w'))), 'PT403 permission.denied', 'staff do not'
);
select tests.become('adm@alpha.test');
select is(
    tests.error_of(format($$ select api.members_database_health('bonanza', %s) $$, pg_temp.id('w'))), 'PT404 database.not_found', 'each is there under its own module'
);
reset role;
set local session_replication_role = replica; -- no rule holds: as a disk that lies would leave it
update members.records r set is_reservation_conflict = true where r.record_id = pg_temp.id('r:w');
delete from members.assignments a where a.record_id = pg_temp.id('r:w');
update members.record_counts c set available = available + 1 where c.database_id = pg_temp.id('w');
set local session_replication_role = origin;
select tests.become('adm@alpha.test');
select is(
    (select jsonb_build_array(h -> 'is_healthy', h -> 'sum_matches', h -> 'issues') from api.members_database_health('member_wd', pg_temp.id('w')) h),
    '[false, true, {"counts_differ": 1, "assignments_unmatched": 1, "conflicts_unmatched": 1}]', '§5.11: what does not fit is said, not repaired over'
);

-- Case 151: kinds that other modules add weigh as ours do, and 152 tells of them

reset role;
create or replace function members.health_findings(p_org_id uuid)
returns table (kind text, severity text, is_warning boolean, count bigint, sample_ids bigint[], can_repair boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    values ('orphaned_reserved_members', 'high', false, 1::bigint, array[1::bigint], true),
        ('attendance_leave_conflict', 'medium', false, 5, '{2}', true), ('orphaned_bonus_submissions', 'medium', false, 2, '{3}', true)
$$;
select is(
    members.health_of(pg_temp.alpha()) ->> 'health_score' || ' ' || (members.health_of(pg_temp.alpha()) ->> 'status'), '60 warning',
    'case 151: a high issue and two medium ones are 60, warning'
);
create or replace function members.health_findings(p_org_id uuid)
returns table (kind text, severity text, is_warning boolean, count bigint, sample_ids bigint[], can_repair boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select 'medium ' || n, 'medium', false, 5::bigint, '{2}'::bigint[], true from generate_series(1, 3) n where p_org_id = 'a0000000-0000-4000-8000-000000000000'
$$;
select tests.become('adm@alpha.test');
select api.members_set_monitoring('{"notify_on_critical": true, "notify_on_warning": true}');
select is(api.members_check_health() ->> 'notifications_sent', '3', 'case 152: medium issues at a score below 80 tell those who want it');
select is(pg_temp.warned('data_health_warning'), 'adm mad sa', 'case 152, BF-42: every admin and master admin');

select * from finish();
rollback;
