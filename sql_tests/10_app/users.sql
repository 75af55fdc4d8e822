-- Managing people: who may change whom to what, what ends when somebody is deactivated or deleted, the audit trail and
-- notifications as lists.

begin;
select plan(63);

create function pg_temp.changed(p_who text, p_whom text, p_change jsonb) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return coalesce(
        tests.error_of(format('select api.app_update_user(%L, %L)', tap.uid(p_whom || '@alpha.test'), p_change)), 'done'
    );
end
$$;
create function pg_temp.added(p_who text, p_role text, p_dept text, p_manager text default null) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return coalesce(
        tests.error_of(format(
            'select api.app_create_user(%L)',
            jsonb_strip_nulls(jsonb_build_object(
                'email', p_role || '.' || gen_random_uuid() || '@new.test', 'full_name', 'New Person', 'role_key', p_role,
                'dept_code', p_dept, 'manager_user_id', tap.uid(p_manager || '@alpha.test')
            ))
        )),
        'done'
    );
end
$$;

-- Who manages whom

select is(pg_temp.changed(c.who, c.whom, c.change), c.outcome, c.description)
from (
    values
        ('sp1', 'sp1', '{"full_name": "Sari"}'::jsonb, 'done', 'case 131: everybody changes their own name'),
        ('sp1', 'sp1', '{"role_key": "super_admin"}', 'PT403 permission.denied', 'case 131, P4: and not their role'),
        ('sp1', 'sp1', '{"full_name": "S", "dept_code": "DIR"}', 'PT403 permission.denied', 'case 131: nor department, not even with the name'),
        ('sp1', 'sp1', '{"manager_user_id": null}', 'PT403 permission.denied', 'case 131: nor leaves the team'),
        ('sp1', 'sp2', '{"full_name": "S"}', 'PT403 permission.denied', 'member case 2: nor anything of others'),
        ('stf', 'stf2', '{"is_active": false}', 'PT403 permission.denied', 'member case 2: a staff changes nobody'),
        ('mm', 'mc', '{"role_key": "dgo"}', 'done', 'a marketing manager gives marketing people another marketing role'),
        ('mm', 'mc', '{"role_key": "super_admin"}', 'PT403 permission.denied', 'case 132: and promotes nobody beyond'),
        ('mm', 'mc', '{"dept_code": "SAL"}', 'PT403 permission.denied', 'case 132: nor moves them out of marketing'),
        ('mm', 'sp1', '{"full_name": "S"}', 'PT403 permission.denied', 'case 132: nor touches salespeople'),
        ('mm', 'sp1', '{"role_key": "marcomm", "dept_code": "MKT"}', 'PT403 permission.denied', 'nor takes them over'),
        ('sm', 'sp1', '{"full_name": "S"}', 'PT403 permission.denied', 'a sales manager manages nobody''s profile'),
        ('dir', 'sp1', '{"full_name": "S"}', 'PT403 permission.denied', 'a director changes nothing'),
        ('adm', 'stf', '{"full_name": "Staff One"}', 'done', 'member case 4: an admin edits a staff of the team'),
        ('adm', 'stf2', '{"full_name": "S"}', 'PT403 permission.denied', 'decisions 5.13: and no staff of others'),
        ('adm', 'mad', '{"full_name": "S"}', 'PT403 permission.denied', 'member case 4: nor the master admin'),
        ('adm', 'stf', '{"role_key": "admin"}', 'PT403 permission.denied', 'member case 5: nor makes a staff an admin'),
        ('adm', 'stf', '{"role_key": "finance"}', 'PT403 permission.denied', 'nor anything else, however low'),
        ('adm', 'stf', '{"manager_user_id": null}', 'PT403 permission.denied', 'nor lets one out of the team'),
        ('mad', 'stf', '{"role_key": "admin"}', 'done', 'member case 5: a master admin does'),
        ('mad', 'adm', '{"full_name": "Admin"}', 'done', 'member case 4: and edits admins'),
        ('sa', 'sm', '{"manager_user_id": "00000000-0000-4000-8000-000000000000"}', 'PT422 request.invalid', 'a manager works here'),
        ('sa', 'sa', '{"role_key": "director"}', 'PT409 user.self', 'nobody changes their own role'),
        ('sa', 'sa', '{"is_active": false}', 'PT409 user.self', 'nor switches themselves off'),
        ('sa', 'sp1', '{"email": "SP2@alpha.test"}', 'PT409 user.email.duplicate', 'an e-mail belongs to one person'),
        ('sa', 'sp1', '{"email": "nobody"}', 'PT422 request.invalid', 'and is one'),
        ('sa', 'sp1', '{"org_id": "b0000000-0000-4000-8000-000000000000"}', 'PT422 request.invalid', 'P33: nothing else can be changed'),
        ('mad', 'adm', '{"blocked_pages": ["finance"]}', 'done', 'member case 7: a master admin hides pages from an admin'),
        ('mad', 'stf2', '{"blocked_pages": ["finance"]}', 'PT422 request.invalid', 'member case 7: from a staff there are none to hide'),
        ('adm', 'stf', '{"blocked_pages": []}', 'PT403 permission.denied', 'member case 7: and an admin hides none')
) as c (who, whom, change, outcome, description);
select tests.become('adm@alpha.test');
select is(api.app_me() -> 'blocked_pages', '["finance"]', 'member §5.1, case 7: whoever they are hidden from is told which');
select tests.become('sa@alpha.test');
select is(
    tests.error_of(format($$ select api.app_update_user(%L, '{"full_name": "S"}') $$, tap.uid('sp1@beta.test'))),
    'PT404 user.not_found', 'another organisation''s people are not there'
);

select is(pg_temp.added(c.who, c.role, c.dept, c.manager), c.outcome, c.description)
from (
    values
        ('sa', 'sales_manager', 'SAL', null, 'done', 'a super admin adds anybody'),
        ('mm', 'vsdo', 'MKT', null, 'done', 'a marketing manager adds marketing people'),
        ('mm', 'salesperson', 'SAL', null, 'PT403 permission.denied', 'and no others'),
        ('adm', 'staff', 'SAL', null, 'done', 'an admin adds staff'),
        ('adm', 'staff', 'SAL', 'mad', 'PT403 permission.denied', 'to nobody else''s team'),
        ('adm', 'admin', 'SAL', null, 'PT403 permission.denied', 'member LD-2: and no admins'),
        ('sm', 'salesperson', 'SAL', null, 'PT403 permission.denied', 'a sales manager adds nobody'),
        ('sp1', 'salesperson', 'SAL', null, 'PT403 permission.denied', 'nor does a salesperson'),
        ('dir', 'salesperson', 'SAL', null, 'PT403 permission.denied', 'nor a director')
) as c (who, role, dept, manager, outcome, description);
select tests.become_owner();
select is(
    (select count(*) from app.profiles p where p.full_name = 'New Person' and p.manager_user_id = tap.uid('adm@alpha.test')), 1::bigint,
    'whom an admin adds is in the team'
);

-- Managers

select tests.become('sa@alpha.test');
select is(
    tests.error_of(format(
        'select api.app_update_user(%L, %L)', tap.uid('sm@alpha.test'), jsonb_build_object('manager_user_id', tap.uid('sp1@alpha.test'))
    )),
    'PT422 profile.manager.cycle', 'case 148: nobody is managed by their own team'
);
select api.app_update_user(tap.uid('sp1@alpha.test'), jsonb_build_object('manager_user_id', tap.uid('sm2@alpha.test'))) is not null as moved \gset
select tests.become('sm@alpha.test');
select ok(not tap.uid('sp1@alpha.test') = any (app.team_ids()), 'case 146: somebody who is moved to another manager leaves the team');
select tests.become('sm2@alpha.test');
select ok(tap.uid('sp1@alpha.test') = any (app.team_ids()), 'case 146: and is in the other''s');
select tests.become('sa@alpha.test');
select api.app_update_user(tap.uid('sp3@alpha.test'), '{"role_key": "director"}') is not null as demoted \gset
select tests.become('sp3@alpha.test');
select ok(not app.can('leads', 'insert', 'all'), 'case 145: who becomes a director loses every right to write at once');

-- Off, and gone

select tests.become_owner();
insert into app.sessions (org_id, user_id, family_hash, token_hash, rotated_at, created_at, expires_at)
select p.org_id, p.user_id, sha256(p.email::bytea), sha256('t'), now(), now(), now() + interval '1 day'
from app.profiles p
where p.email in ('sp2@alpha.test', 'fin@alpha.test');
insert into app.db_logins (login, user_id, kind)
values ('analyst_sp2', tap.uid('sp2@alpha.test'), 'analyst'), ('analyst_fin', tap.uid('fin@alpha.test'), 'analyst');
insert into app.notifications (org_id, user_id, topic, title)
select p.org_id, p.user_id, 'x.y', 'n' || n from app.profiles p cross join generate_series(1, 3) n where p.email in ('sp2@alpha.test', 'sm@alpha.test');
insert into app.saved_views (org_id, module, view_name, created_by) values ('a0000000-0000-4000-8000-000000000000', 'crm', 'v', tap.uid('sp2@alpha.test'));

select is(pg_temp.changed('sa', 'fin', '{"is_active": false}'), 'done', 'a person can be deactivated');
select tests.become_owner();
select is(
    array[
        (select count(*) from app.sessions s where s.user_id = tap.uid('fin@alpha.test') and s.revoked_at is null),
        (select count(*) from app.db_logins l where l.user_id = tap.uid('fin@alpha.test'))
    ],
    array[0, 0]::bigint[], 'sessions and log-ins to the database are over at once'
);
select is(tests.error_of($$ select app.enter(tap.uid('fin@alpha.test')) $$), 'PT401 auth.unknown_user', 'and no token counts any more');

select tap.uid('sp2@alpha.test') as gone \gset
select tests.become('sa@alpha.test');
select is(tests.error_of(format('select api.app_delete_user(%L)', app.uid())), 'PT409 user.self', 'member case 8: nobody deletes themselves');
select is(api.app_delete_user(:'gone') ->> 'user_id', :'gone', 'somebody is deleted');
select is(tests.error_of(format('select api.app_get_user(%L)', :'gone')), 'PT404 user.not_found', 'and gone');
select tests.become_owner();
select is(
    (
        select jsonb_build_object(
            'log_in', exists (select from app.credentials c where c.user_id = :'gone'),
            'session', exists (select from app.sessions s where s.user_id = :'gone' and s.revoked_at is null),
            'told', exists (select from app.notifications n where n.user_id = :'gone'),
            'views', exists (select from app.saved_views v where v.created_by = :'gone'),
            'name', exists (select from app.profiles p where p.user_id = :'gone' and p.full_name = 'SP2 Alpha')
        )
    ),
    '{"log_in": false, "session": false, "told": false, "views": false, "name": true}',
    'member case 10: what was theirs alone is gone, their name stays for what they did'
);
select is(
    tests.error_of($$ select app.create_profile('a0000000-0000-4000-8000-000000000000', 'sp2@alpha.test', 'Twin', 'salesperson', 'SAL') $$),
    null, 'the e-mail is free'
);

-- Notifications and the audit trail

select tests.become('sm@alpha.test');
select is(api.app_list_notifications(p_unread => true, p_limit => 2) -> 'unread', '3', 'how many are unread is said');
select is(
    (api.app_read_notifications(jsonb_build_object('up_to', api.app_list_notifications() #> '{items,1,notification_id}')) -> 'read'),
    '2', 'P37: those that were seen are marked as read'
);
select is(jsonb_array_length(api.app_list_notifications(p_unread => true) -> 'items'), 1, 'P37: and stay so');
select (api.app_list_notifications(p_unread => true) #>> '{items,0,notification_id}') as unread \gset
select isnt(api.app_read_notification(:unread) ->> 'read_at', null, 'one can be marked');
select tests.become('sp1@alpha.test');
select is(
    tests.error_of(format('select api.app_read_notification(%s)', :'unread')), 'PT404 notification.not_found', 'but not somebody else''s'
);
select is(tests.error_of('select api.app_list_audit_logs()'), 'PT403 permission.denied', 'case 130: a salesperson reads no audit trail');
select tests.become('dir@alpha.test');
select is(
    (
        select jsonb_agg(e ->> 'changed_fields')
        from jsonb_array_elements(api.app_list_audit_logs(jsonb_build_object(
            'table_name', 'app.profiles', 'record_id', tap.uid('mc@alpha.test'), 'changed_by', tap.uid('mm@alpha.test'), 'action', 'UPDATE'
        )) -> 'items') e
    ),
    '["[\"role_key\"]"]', 'case 130: a director does, by table, record, person and action'
);
select is(
    (
        with recursive pages (page) as (
            select api.app_list_audit_logs('{"table_name": "app.profiles"}', 2)
            union all
            select api.app_list_audit_logs('{"table_name": "app.profiles"}', 2, p.page -> 'next') from pages p where p.page ->> 'next' is not null
        )
        select count(distinct e ->> 'audit_id') from pages p cross join jsonb_array_elements(p.page -> 'items') e
    ),
    (select count(*) from api.audit_logs a where a.table_name = 'app.profiles'),
    'page after page, each entry once'
);
select is(
    (select count(*) from api.audit_logs a where a.record_id = :'gone' and a.after_data ->> 'password_hash' is not null), 0::bigint,
    'no password is in it'
);

select * from finish();
rollback;
