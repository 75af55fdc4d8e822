-- People: what they may change of themselves and of others, who manages whom.

begin;
select plan(28);

select tests.become('sp1@alpha.test');
select is(tests.error_of('update app.profiles set ' || c.change), '42501', 'case 131, P4: nobody sets ' || c.change)
from (values
    ($$ role_key = 'super_admin' $$), ($$ dept_code = 'DIR' $$), ('manager_user_id = null'), ('is_active = true'),
    ($$ user_code = 'X' $$), ($$ email = 'x@alpha.test' $$), ($$ org_id = 'b0000000-0000-4000-8000-000000000000' $$)
) as c (change);
select results_eq(
    $$ with u as (update app.profiles set full_name = 'Changed' returning user_id) select * from u $$,
    array[tap.uid('sp1@alpha.test')],
    'case 131: everybody changes their own name, and nobody else''s'
);
select is(app.role_key(), 'salesperson', 'P4: and is what they were');
select results_eq('select email from api.profiles', array['sp1@alpha.test'], 'case 131: a salesperson reads their own profile only');

select tests.become('mm@alpha.test');
select is(
    tests.error_of($$ update app.profiles set role_key = 'super_admin' where email = 'mc@alpha.test' $$), '42501',
    'case 132: a marketing manager promotes nobody by hand'
);
select results_eq(
    $$
        with u as (
            update app.profiles set full_name = 'By mm'
            where email in ('mc@alpha.test', 'sp1@alpha.test', 'mc@beta.test')
            returning email
        )
        select email from u
    $$,
    array['mc@alpha.test'],
    'case 132: corrects marketing people, neither salespeople nor another organisation''s'
);
select results_eq(
    'select email from api.profiles order by email',
    array[
        'dgo@alpha.test', 'macx@alpha.test', 'mc@alpha.test', 'mm@alpha.test', 'vsdo@alpha.test'
    ],
    'case 132: and reads marketing profiles'
);

select tests.become('sm@alpha.test');
select results_eq(
    'select email from api.profiles order by email', array['sm@alpha.test', 'sp1@alpha.test', 'sp2@alpha.test'],
    'case 133, P2: a sales manager reads the team'
);
select results_eq(
    $$ select t.user_id from unnest(app.team_ids()) as t (user_id) order by 1 $$,
    $$ values (tap.uid('sm@alpha.test')), (tap.uid('sp1@alpha.test')), (tap.uid('sp2@alpha.test')) order by 1 $$,
    'case 133, P2: the team is whoever has them as manager, and themselves'
);
select is_empty(
    $$ select from api.profiles where email in ('sp3@alpha.test', 'sm2@alpha.test') $$, 'case 133: not the other team''s'
);
select tests.become('dir@alpha.test');
select is((select count(*) from api.profiles), 22::bigint, 'a director reads all profiles of the organisation');
select is_empty(
    $$ with u as (update app.profiles set full_name = 'By dir' returning 1) select * from u $$, 'and changes none'
);
select tests.become('mm@alpha.test');
select is((select count(*) from api.v_user_directory), 22::bigint, 'the directory names everybody to everybody');
select hasnt_column('api', 'v_user_directory', 'email', 'without e-mail addresses');

-- Managers

select tests.become_owner();
select is(
    tests.error_of($$ update app.profiles set manager_user_id = user_id where email = 'sm@alpha.test' $$),
    'PT422 profile.manager.cycle',
    'case 148: nobody manages themselves'
);
select is(
    tests.error_of($$ update app.profiles set manager_user_id = tap.uid('sp1@alpha.test') where email = 'sm@alpha.test' $$),
    'PT422 profile.manager.cycle',
    'case 148: nobody is managed by one of their own team'
);
update app.profiles set manager_user_id = tap.uid('sm@alpha.test') where email = 'sm2@alpha.test';
select is(
    tests.error_of($$ update app.profiles set manager_user_id = tap.uid('sp3@alpha.test') where email = 'sm@alpha.test' $$),
    'PT422 profile.manager.cycle',
    'case 148: nor by anybody further down'
);
select is(
    tests.error_of($$ update app.profiles set manager_user_id = tap.uid('sm@beta.test') where email = 'sp1@alpha.test' $$),
    '23503',
    'nor by somebody of another organisation'
);
select tests.become('sm@alpha.test');
select is(
    cardinality(app.team_ids()), 4, 'a team is one level deep: sm2 belongs to it, the people of sm2 do not'
);
select tests.become_owner();
select is(
    tests.error_of($$ update app.profiles set role_key = 'emperor' where email = 'sp1@alpha.test' $$), '23503',
    'a role that is not in the table cannot be given'
);
select is(
    tests.error_of($$
        select app.create_profile('a0000000-0000-4000-8000-000000000000', ' SP1@Alpha.test ', 'Twin', 'salesperson', 'SAL')
    $$),
    '23505',
    'an e-mail belongs to one person of an organisation, however it is typed'
);
select is(
    tests.error_of($$
        select app.create_profile('a0000000-0000-4000-8000-000000000000', 'blank@alpha.test', '   ', 'salesperson', 'SAL')
    $$),
    '23514',
    'a person has a name'
);

select * from finish();
rollback;
