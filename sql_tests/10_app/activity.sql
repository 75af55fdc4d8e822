-- Who is here: the heartbeat moves one's own row and nobody else's, log-ins and log-outs are seen, looking changes nothing
-- (spec: member §2, case 9); one's own notifications deleted (§5.22); what people change of themselves (§8 auth).

begin;
select plan(30);

insert into app.clock (frozen_at) values ('2031-03-01 18:00:00+00');
create function pg_temp.rows() returns text
language sql
security definer -- tests look at everybody
as $$
    select string_agg(concat_ws(' ', split_part(p.email, '@', 1), to_char(a.last_active_at at time zone 'UTC', 'HH24:MI')), ', ' order by p.full_name)
    from app.user_activity a
    join app.profiles p on p.org_id = a.org_id and p.user_id = a.user_id
    where p.email ~ '@(alpha|beta)'
$$;
create function pg_temp.at(p_time text) returns void
language sql
security definer
as $$ update app.clock set frozen_at = ('2031-03-01 ' || p_time || '+00')::timestamptz $$;
-- stf:online stf2:idle …, of those who are not offline
create function pg_temp.here() returns text
language sql
as $$
    select string_agg(split_part(lower(i ->> 'full_name'), ' ', 1) || ':' || (i ->> 'status'), ' ' order by i ->> 'full_name')
    from jsonb_array_elements(api.app_list_activity(p_limit => 100) -> 'items') i
    where i ->> 'status' <> 'offline'
$$;

-- Case 9, BF-2

select tests.become('stf2@alpha.test');
select is(
    api.app_heartbeat() - 'user_id', '{"last_active_at": "2031-03-01T18:00:00+00:00", "today": "2031-03-02", "time_zone": "Asia/Jakarta"}',
    'case 80, BF-39: a heartbeat answers with the date where the organisation is'
);
select pg_temp.at('18:10');
select tests.become('stf@alpha.test');
select lives_ok('select api.app_heartbeat()', 'member case 9: S1 sends a heartbeat');
select is(pg_temp.rows(), 'stf 18:10, stf2 18:00', 'member case 9, BF-2: and moves the own row alone');
select tests.become('adm@alpha.test');
select is(pg_temp.here(), 'stf:online stf2:idle', 'an admin sees who is here: under five minutes online, then idle');
select is(
    api.app_list_activity() -> 'counts' ->> 'online', '1', 'and how many'
);
select is(pg_temp.rows(), 'stf 18:10, stf2 18:00', 'member case 9, BF-2: looking moves nobody, not even the one who looks');
select pg_temp.at('18:15');
select is(pg_temp.here(), 'stf:idle stf2:idle', 'after five minutes one is idle');
select pg_temp.at('18:30');
select is(pg_temp.here(), 'stf:idle stf2:idle', 'up to thirty');
select pg_temp.at('18:31');
select is(pg_temp.here(), 'stf:idle', 'and then offline');
select is(
    (select string_agg(i ->> 'user_id', ' ') from jsonb_array_elements(api.app_list_activity('idle') -> 'items') i),
    tap.uid('stf@alpha.test')::text, 'one status alone'
);
select is(
    tests.faults_of($$ select api.app_list_activity('asleep') $$), array['status activity.status.unknown'], 'of those that there are'
);
select is(
    (
        select count(distinct i ->> 'user_id')
        from (select api.app_list_activity(p_limit => 2) as page offset 0) one
        cross join lateral (select api.app_list_activity(p_limit => 2, p_after => one.page -> 'next') as page offset 0) two
        cross join lateral jsonb_array_elements((one.page -> 'items') || (two.page -> 'items')) i
    ),
    4::bigint, 'page by page'
);

-- Log-ins and log-outs

select tests.become_owner();
insert into app.sessions (org_id, user_id, family_hash, token_hash, rotated_at, created_at, expires_at)
select p.org_id, p.user_id, sha256(convert_to(p.email, 'UTF8')), sha256('t'), app.now(), app.now(), app.now() + interval '1 day'
from app.profiles p
where p.email in ('stf@alpha.test', 'stf2@alpha.test');
update app.clock set frozen_at = '2031-03-01 18:32+00';
select app.note_activity(tap.uid('stf@alpha.test'), 'heartbeat');
select app.auth_logout(sha256('stf@alpha.test'));
select tests.become('mad@alpha.test');
select is(pg_temp.here(), null, 'who logs out is offline at once');
select is(
    (
        select i ->> 'last_logout_at' from jsonb_array_elements(api.app_list_activity(p_limit => 100) -> 'items') i
        where i ->> 'user_id' = tap.uid('stf@alpha.test')::text
    ),
    '2031-03-01T18:32:00+00:00', 'and when that was is known'
);
select tests.become_owner();
update app.clock set frozen_at = '2031-03-01 18:33+00';
select app.note_activity(tap.uid('stf@alpha.test'), 'heartbeat');
select app.note_activity(tap.uid('stf2@alpha.test'), 'heartbeat');
select app.auth_logout_all(tap.uid('stf2@alpha.test'), tap.uid('stf2@alpha.test'));
select tests.become('sa@alpha.test');
select is(pg_temp.here(), 'stf:online', 'another device that is still open shows one again; logging out everywhere does not');

-- Who may look

select api.app_list_activity(p_limit => 100) as seen_by_sa \gset
select tests.become('mad@alpha.test');
select api.app_list_activity(p_limit => 100) as seen_by_mad \gset
select tests.become('adm@alpha.test');
select is(
    array[:'seen_by_sa', :'seen_by_mad']::jsonb[], array_fill(api.app_list_activity(p_limit => 100), array[2]),
    'BF-1: admin, master admin and super admin see the same'
);
select tests.become('sm@alpha.test');
select is(
    (select array_agg(i ->> 'full_name' order by i ->> 'full_name') from jsonb_array_elements(api.app_list_activity() -> 'items') i),
    (select array_agg(d.full_name order by d.full_name) from api.v_user_directory d where d.user_id = any (app.team_ids()) and d.is_active),
    'a sales manager sees the team'
);
select tests.become('stf@alpha.test');
select is(tests.error_of('select api.app_list_activity()'), 'PT403 permission.denied', 'member case 2: a staff does not look');
select tests.become_nobody();
select is(tests.error_of('select api.app_heartbeat()'), 'PT401 auth.required', 'and nobody is nowhere');

-- One's own notifications

select tests.become_owner();
insert into app.notifications (org_id, user_id, topic, title, resolved_at)
select p.org_id, p.user_id, 'x.y', 'n' || n, case when n = 1 then app.now() end
from app.profiles p
cross join generate_series(1, 4) n
where p.email in ('stf@alpha.test', 'stf2@alpha.test')
order by n;
select max(n.notification_id) as theirs from app.notifications n where n.user_id = tap.uid('stf2@alpha.test') \gset
select tests.become('stf@alpha.test');
select (api.app_list_notifications() #>> '{items,0,notification_id}')::bigint as newest, (api.app_list_notifications() #>> '{items,1,notification_id}')::bigint as seen \gset
select is(
    array[jsonb_array_length(api.app_list_notifications(p_open => true) -> 'items'), jsonb_array_length(api.app_list_notifications(p_open => false) -> 'items')],
    array[3, 1], '§5.22: what waits, and what somebody has dealt with'
);
select is(tests.error_of(format('select api.app_delete_notification(%s)', :'theirs')), 'PT404 notification.not_found', '§5.22: somebody else''s is not there');
select is(api.app_delete_notification(:seen) ->> 'notification_id', :'seen', '§5.22: one''s own can be deleted');
select is(tests.error_of(format('select api.app_delete_notification(%s)', :'seen')), 'PT404 notification.not_found', 'once');
select is(api.app_delete_notifications(:seen) ->> 'deleted', '2', '§5.22: all up to the latest that was seen');
select is(
    (select string_agg(i ->> 'notification_id', ' ') from jsonb_array_elements(api.app_list_notifications() -> 'items') i), :'newest',
    'what came after that is there'
);
select is(array[api.app_delete_notifications() ->> 'deleted', api.app_delete_notifications() ->> 'deleted'], array['1', '0'], 'all; again none');
select tests.become('stf2@alpha.test');
select is(jsonb_array_length(api.app_list_notifications() -> 'items'), 4, 'others keep theirs');

-- Oneself

select is(api.app_change_profile('{"full_name": "Staff Two"}') ->> 'full_name', 'Staff Two', '§8: one''s own name');
select is(tests.error_of($$ select api.app_change_profile('{"role_key": "admin"}') $$), 'PT403 permission.denied', 'and nothing else (P4)');
select tests.become('mad@alpha.test');
select is(
    (select api.app_delete_user(tap.uid('stf@alpha.test')) is not null and pg_temp.rows() !~ 'stf 18'), true,
    'member case 10: who is deleted was never here'
);

select * from finish();
rollback;
