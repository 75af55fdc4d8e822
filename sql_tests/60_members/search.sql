-- Members are found by what stands in their rows, literally, and by whoever may see them (spec: member §5.25, §8; case 157,
-- LD-1, LD-31, LD-33).

begin;
select plan(42);
\ir _members.psql
\ir _reservations.psql
select pg_temp.make_database('w', 'P1', 6);
select pg_temp.make_database('n', 'P1', 3, 'normal');
select pg_temp.make_database('100%', 'P2', 2, 'bonanza');
update members.records r
set row_data = r.row_data || jsonb_build_object('Note', v.note), match_keys = r.match_keys || members.match_keys(array[v.note])
from (
    values (1, 'a 50% bonus'), (2, 'r.w*2+1'), (3, 'quote " and \ back'), (4, 'Ünal'), (5, 'Notebook'), (6, null)
) as v (row_number, note)
where r.database_id = pg_temp.id('w') and r.row_number = v.row_number and v.note is not null;
reset role;
-- Rows of a database that a search finds.
create function pg_temp.found(p_database text, p_search text, p_module text default 'member_wd') returns text
language sql
as $$
    select string_agg(i ->> 'row_number', ' ' order by i ->> 'row_number')
    from jsonb_array_elements(api.members_list_records(p_module, pg_temp.id(p_database), p_search => p_search) -> 'items') i
$$;
-- How many records a page has, of which statuses, and whether another follows.
create function pg_temp.listed(
    p_status text, p_after jsonb default null, p_database text default 'many', p_module text default 'member_wd'
) returns text
language sql
as $$
    select concat_ws(
        ' ', jsonb_array_length(l -> 'items'),
        (select string_agg(distinct i ->> 'status', ' ') from jsonb_array_elements(l -> 'items') i), (l -> 'next' <> 'null')::text
    )
    from api.members_list_records(p_module, pg_temp.id(p_database), p_status, null, 30, p_after) l
$$;
create function pg_temp.hits(p_word text, p_kind text, p_name text) returns text
language sql
as $$ select string_agg(h ->> p_name, ' ' order by h ->> p_name) from jsonb_array_elements(api.members_search(p_word) -> p_kind) h $$;

-- Within a database

select tests.become('adm@alpha.test');
select is(pg_temp.found('w', s.word), s.rows, s.description)
from (
    values
        ('w2', '2', '§8: part of a value'),
        ('NAME 3', '3', 'in any case of letters'),
        ('%', '1', 'case 157: a percent sign is a percent sign'),
        ('.', '1 2 3 4 5 6', 'case 157: a dot is a dot, which all their links have'),
        ('r.w*2', '2', 'LD-33: a pattern is none'),
        ('" and \', '3', 'quotes and backslashes as well'),
        ('ünal', '4', 'letters of any language'),
        ('username', null::text, 'the name of a column is nobody''s value'),
        ('note', '5', 'LD-31: whatever the column is called'),
        ('w1", "', null, 'nor is what stands between two values'),
        (' w6 ', '6', 'blanks around it say nothing'),
        ('  ', '1 2 3 4 5 6', 'and blanks alone ask for nothing')
) as s (word, rows, description);
select is(pg_temp.found('n', 'n1', 'normal'), '1', 'in all modules');
select is(
    (select array_agg(jsonb_array_length(p.page -> 'items')) from (
        select api.members_list_records('member_wd', pg_temp.id('w'), p_search => '.', p_limit => 4) as page
        union all
        select api.members_list_records(
            'member_wd', pg_temp.id('w'), p_search => '.', p_limit => 4,
            p_after => api.members_list_records('member_wd', pg_temp.id('w'), p_search => '.', p_limit => 4) -> 'next'
        )
    ) p),
    array[4, 2], 'LD-36: page by page, and the last page says so'
);
select is(pg_temp.found('w', 'w1') is not null and api.members_list_records('member_wd', pg_temp.id('w'), 'assigned', 'w1') -> 'items' = '[]', true, 'with a status');

-- Everywhere

select pg_temp.give('B1', 'w', 'stf@alpha.test', 2);
select pg_temp.give('B2', 'w', 'stf2@alpha.test', 2);
select pg_temp.add('R', 'w1', 'stf@alpha.test');
select tests.become('sp1@alpha.test');
select pg_temp.ask('Q', 'w1 secret', 'P1');
select tests.become('stf@alpha.test');
select is(
    (select count(*) from jsonb_array_elements(api.members_search('.') -> 'records')), 2::bigint,
    'case 157: S1 sees only its own customers, by any part of any value'
);
select is(
    (select bool_and(h ->> 'staff_id' = app.uid()::text) from jsonb_array_elements(api.members_search('wa.me') -> 'records') h), true,
    'case 157: and nobody else''s'
);
select is(pg_temp.hits('%', 'records', 'customer_id'), (select string_agg(r.customer_id, ' ') from api.records r where r.row_data ->> 'Note' like '%\%%'), 'case 157: literally');
select is(pg_temp.hits('a', 'people', 'full_name'), null, 'case 157: staff finds no staff');
select is(pg_temp.hits('w1', 'reservations', 'customer_id'), 'w1', 'approved reservations are everybody''s, others'' requests nobody''s');
select tests.become('adm@alpha.test');
select is(pg_temp.hits(' W2 ', 'records', 'customer_id'), 'w2', 'LD-31: an admin finds whose it is, whatever the state and case of letters');
select is(pg_temp.hits('R.W*2+1', 'records', 'customer_id'), 'w2', 'LD-31: by any column''s value');
select is(pg_temp.hits('Name 5', 'records', 'database_name'), 'w', 'and by name');
select tests.become_owner();
select set_config('pgcrm.test', max(r.customer_id), true) is not null as kept
from members.records r where r.database_id = pg_temp.id('w') and r.status = 'assigned' \gset
update members.records r set status = 'invalid_archived', archived_at = now(), archived_by = tap.uid('adm@alpha.test')
where r.database_id = pg_temp.id('w') and r.customer_id = current_setting('pgcrm.test');
select tests.become('adm@alpha.test');
select is(pg_temp.hits(current_setting('pgcrm.test'), 'records', 'status'), 'invalid_archived', 'LD-31: in the archive too');
select is(pg_temp.hits('w1', 'reservations', 'customer_id'), 'w1 w1 secret', 'and what is asked for');
select is(pg_temp.hits('p', 'products', 'name'), 'P1 P2', 'products');
select is(pg_temp.hits('%', 'databases', 'name'), '100%', 'case 157: databases, literally');
select is(
    (select count(*) from jsonb_array_elements(api.members_search('a', 20) -> 'people')) <= 20, true, 'twenty at most of a kind'
);
select is(jsonb_array_length(api.members_search('alpha', 3) -> 'people'), 3, 'or fewer');
select set_config('pgcrm.test', api.members_search('stf')::text, true) is not null as kept \gset
select tests.become('mad@alpha.test');
select is(api.members_search('stf'), current_setting('pgcrm.test')::jsonb, 'case 157, LD-1: a master admin finds staff as an admin does');
select isnt(pg_temp.hits('stf', 'people', 'full_name'), null, 'case 157, LD-1: and there are some');
select tests.become_owner();
select pg_temp.make_database('q', 'P1', 2, 'normal');
select tests.become('stf@alpha.test');
select is(
    api.members_request_records(jsonb_build_object('database_id', pg_temp.id('q'), 'record_count', 2)) ->> 'status', 'pending', 'records that wait for a request'
);
select tests.become('sa@alpha.test');
select is(pg_temp.hits('q1', 'records', 'status'), 'requested', 'are found as well');
select is(
    array[tests.faults_of($$ select api.members_search('') $$), tests.faults_of(format('select api.members_search(%L)', repeat('x', 101)))],
    array[array['q search.q.length'], array['q search.q.length']], 'one to a hundred characters'
);
select tests.become('fin@alpha.test');
select is(tests.error_of($$ select api.members_search('w1') $$), 'PT403 permission.denied', 'who has nothing to do with members finds none');
select tests.become('adm@beta.test');
select is(pg_temp.hits('w2', 'records', 'customer_id'), null, 'nor does another organisation');

-- By status, whether few or many of a database have it

select tests.become_owner();
select pg_temp.make_database('many', 'P2', 150);
select tests.become('adm@alpha.test');
select pg_temp.give('B8', 'many', 'stf@alpha.test', 1);
select is(
    array[pg_temp.listed('assigned'), pg_temp.listed('available'), pg_temp.listed('invalid_archived')],
    array['1 assigned false', '30 available true', '0 false'], 'one in 150 is with somebody'
);
select pg_temp.give('B9', 'many', 'stf2@alpha.test', 40);
select is(
    array[pg_temp.listed('assigned'), pg_temp.listed('available')],
    array['30 assigned true', '30 available true'], 'one in four is'
);
select is(
    pg_temp.listed('assigned', api.members_list_records('member_wd', pg_temp.id('many'), 'assigned', null, 30) -> 'next'),
    '11 assigned false', 'the second page has the others'
);
select pg_temp.give('B10', 'many', 'stf2@alpha.test', 108);
select is(pg_temp.listed('available'), '1 available false', 'one is left');
select tests.become('stf@alpha.test');
select is(pg_temp.listed('assigned'), '1 assigned false', 'staff sees its own alone');
select tests.become_owner();
select pg_temp.make_database('plenty', 'P2', 150, 'normal');
select tests.become('stf@alpha.test');
select api.members_request_records(jsonb_build_object('database_id', pg_temp.id('plenty'), 'record_count', 1)) is not null as asked \gset
select tests.become('adm@alpha.test');
select is(
    array[pg_temp.listed('requested', null, 'plenty', 'normal'), pg_temp.listed('available', null, 'plenty', 'normal')],
    array['1 requested false', '30 available true'], 'one in 150 waits for a request'
);

select * from finish();
rollback;
