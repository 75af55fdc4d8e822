-- Who sees which leads, customers and prospects, and who may change them: every role, rows in every scope.

begin;
select plan(36);

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
create function pg_temp.post(p_email text, p_company text, p_owner text default null) returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    perform api.crm_create_lead_bundle(
        pg_temp.lead(p_company, jsonb_strip_nulls(jsonb_build_object('sales_owner_user_id', tap.uid(p_owner))))
    );
    perform tests.become_owner();
end
$$;
create temporary table seen (position integer, who text, leads text, customers text, prospects text, changed text, pipeline jsonb, listed jsonb);
grant all on seen to public;
-- What everybody of an organisation sees and may change
create function pg_temp.look(p_slug text) returns void
language plpgsql
as $$
declare
    v_who record;
    v_changed text;
begin
    perform set_config('role', 'none', true);
    delete from seen;
    for v_who in
        select p.email, split_part(p.email, '@', 1) as name, right(p.user_id::text, 2)::integer as position
        from app.profiles p where p.email like '%@' || p_slug || '.test' order by 3
    loop
        perform tests.become(v_who.email);
        with changed as (update crm.leads set route = 'r' returning company_name)
        select string_agg(c.company_name, ' ' order by c.company_name) into v_changed from changed c;
        insert into seen
        select
            v_who.position, v_who.name,
            (select string_agg(l.company_name, ' ' order by l.company_name) from api.leads l),
            (select string_agg(c.company_name, ' ' order by c.company_name) from api.customers c),
            (select string_agg(coalesce(p.company_name, '?'), ' ' order by p.company_name) from api.prospects p),
            v_changed,
            (
                select jsonb_object_agg(s.status, jsonb_build_array(s.lead_count, s.assigned_count, s.unassigned_count))
                from api.v_leads_pipeline_stats s
            ),
            (
                select jsonb_object_agg(l.status, jsonb_build_array(l.leads, l.assigned, l.leads - l.assigned))
                from (
                    select v.status, count(*) as leads, count(v.sales_owner_user_id) as assigned from api.leads v group by v.status
                ) l
            );
    end loop;
    perform set_config('role', 'none', true);
end
$$;

select pg_temp.post('mc@alpha.test', 'A');                       -- marketing, nobody's
select pg_temp.post('mm@alpha.test', 'B', 'sp1@alpha.test');     -- marketing, of sp1
select pg_temp.post('sp2@alpha.test', 'C');                      -- sales, nobody's, by sp2
select pg_temp.post('mm@alpha.test', 'D', 'sp3@alpha.test');     -- of sp3, in the other team
select pg_temp.post('ss@alpha.test', 'E');                       -- sales, nobody's, by support
select pg_temp.post('sm@alpha.test', 'F');                       -- sales, nobody's, by the manager
select pg_temp.post('mc@alpha.test', 'G');                       -- by marketing, later handed to sp1
select pg_temp.post('sp1@alpha.test', 'H');                      -- by sp1, later handed to sp3
select pg_temp.post('stf@alpha.test', 'I', 'stf@alpha.test');    -- of staff, in adm's team
select pg_temp.post('mc@beta.test', 'Z');                        -- of another organisation
-- Handing over, as crm_assign_lead will: the prospect goes along.
update crm.leads set sales_owner_user_id = tap.uid('sp1@alpha.test') where company_name = 'G';
update crm.leads set sales_owner_user_id = tap.uid('sp3@alpha.test') where company_name = 'H';
update crm.leads set status = 'Contacted' where company_name in ('B', 'C', 'D', 'G');
update crm.leads set status = 'Qualified' where company_name = 'G';
update crm.prospects p
set owner_user_id = l.sales_owner_user_id
from crm.leads l
where l.company_name in ('G', 'H') and p.org_id = l.org_id and p.prospect_id = l.prospect_id;

select pg_temp.look('alpha');
select results_eq(
    'select who, leads from seen order by position',
    $$
        values
            ('dir', 'A B C D E F G H I'), ('sa', 'A B C D E F G H I'), ('mm', 'A B C D E F G H I'),
            ('mc', 'A G'), ('dgo', null), ('macx', null), ('vsdo', null),
            ('sm', 'B C F G'), ('sp1', 'B G'), ('sp2', 'C'), ('sm2', 'D H'), ('sp3', 'D H'),
            ('ss', 'B C D E F G H I'), ('exi', null), ('dom', null), ('dtd', null), ('trf', null), ('fin', null),
            ('adm', 'I'), ('stf', 'I'), ('mad', 'A B C D E F G H I'), ('stf2', null)
    $$,
    'cases 40, 135, 136, 137, P2: leads as each of 22 people sees them'
);
select results_eq(
    'select who, customers from seen order by position',
    $$
        values
            ('dir', 'A B C D E F G H I'), ('sa', 'A B C D E F G H I'), ('mm', 'A B C D E F G H I'),
            ('mc', 'A G'), ('dgo', null), ('macx', null), ('vsdo', null),
            ('sm', 'B C F G'), ('sp1', 'B G'), ('sp2', 'C'), ('sm2', 'D H'), ('sp3', 'D H'),
            ('ss', 'B C D E F G H I'), ('exi', null), ('dom', null), ('dtd', null), ('trf', null),
            ('fin', 'A B C D E F G H I'), ('adm', 'I'), ('stf', 'I'), ('mad', 'A B C D E F G H I'), ('stf2', null)
    $$,
    'cases 40, 135, 136, 137, D1, D9: and their customers'
);
select results_eq(
    'select who, prospects from seen order by position',
    $$
        values
            ('dir', 'A B C D E F G H I'), ('sa', 'A B C D E F G H I'), ('mm', 'A B C D E F G H I'),
            ('mc', 'A'), ('dgo', null), ('macx', null), ('vsdo', null),
            ('sm', 'B C F G'), ('sp1', 'B G'), ('sp2', 'C'), ('sm2', 'D H'), ('sp3', 'D H'),
            ('ss', 'B C D E F G H I ?'), ('exi', null), ('dom', null), ('dtd', null), ('trf', null), ('fin', null),
            ('adm', 'I'), ('stf', 'I'), ('mad', 'A B C D E F G H I'), ('stf2', null)
    $$,
    'cases 40, 135, 136, 137: and their prospects; where the customer is hidden, without its name'
);
select results_eq(
    'select who, changed from seen order by position',
    $$
        values
            ('dir', null), ('sa', 'A B C D E F G H I'), ('mm', 'A B C D E F G H I'),
            ('mc', 'A'), ('dgo', null), ('macx', null), ('vsdo', null),
            ('sm', 'B C F G'), ('sp1', 'B G'), ('sp2', null), ('sm2', 'D H'), ('sp3', 'D H'),
            ('ss', 'B C D E F G H I'), ('exi', null), ('dom', null), ('dtd', null), ('trf', null), ('fin', null),
            ('adm', 'I'), ('stf', 'I'), ('mad', 'A B C D E F G H I'), ('stf2', null)
    $$,
    'case 145: who may change which; a director none, marketing only what nobody owns yet'
);
select results_eq(
    $$ select leads, customers from seen where who in ('dgo') $$, $$ values (null::text, null::text) $$,
    'marketing staff do not see each other''s leads'
);
select is(
    (select string_agg(s.who, ' ' order by s.position) from seen s where s.pipeline is distinct from s.listed), null,
    '§4: the pipeline counts what its reader sees in the list, whoever that is'
);
select is(
    (select s.pipeline from seen s where s.who = 'dir'), '{"New": [5, 2, 3], "Contacted": [3, 2, 1], "Qualified": [1, 1, 0]}',
    '§4: where all of them stand'
);
select pg_temp.look('beta');
select results_eq(
    $$ select distinct leads from seen where leads is not null $$, array['Z'], 'customers case 2: no row of another organisation'
);
select results_eq(
    $$ select who from seen where leads is not null order by position $$, array['dir', 'sa', 'mm', 'mc', 'mad'],
    'and that one to whom it belongs'
);

-- Functions say the same as the views

select tests.become('sp1@alpha.test');
select is(
    (select string_agg(i ->> 'company_name', ' ' order by i ->> 'company_name') from jsonb_array_elements(api.crm_list_leads('{}') -> 'items') i),
    'B G',
    'case 40: the list has what the view has'
);
select is(
    tests.error_of(format('select api.crm_get_lead(%L)', (select 'LEADSEM-none'))), 'PT404 lead.not_found', 'a lead that is not there'
);
reset role;
create temporary table ids as select l.company_name, l.lead_id, l.org_id from crm.leads l;
grant select on ids to public;
select tests.become('sp2@alpha.test');
select is(
    tests.error_of(format('select api.crm_get_lead(%L)', (select i.lead_id from ids i where i.company_name = 'B'))),
    'PT404 lead.not_found',
    'case 40: and one of somebody else''s, are the same to him'
);
select is(
    api.crm_get_lead((select i.lead_id from ids i where i.company_name = 'C')) ->> 'company_name', 'C', 'case 40: his own is there'
);
select tests.become('fin@alpha.test');
select is(
    tests.error_of('select api.crm_list_leads()'), 'PT403 permission.denied', 'case 136: finance has no list of leads'
);
select is(
    tests.error_of(format('select api.crm_get_lead(%L)', (select i.lead_id from ids i where i.company_name = 'B'))),
    'PT403 permission.denied',
    'case 136: nor a lead'
);
select tests.become('exi@alpha.test');
select is(tests.error_of('select api.crm_list_leads()'), 'PT403 permission.denied', 'case 137: nor has operations');

-- What may_select says for definer code is what the policy says (decisions §5.7)

reset role;
create temporary table compared (who text, customer_id text, by_policy boolean, by_function boolean);
grant all on compared to public;
create temporary table all_customers as select c.org_id, c.customer_id from crm.customers c;
grant select on all_customers to public;
do $$
declare
    v_email text;
begin
    for v_email in select p.email from app.profiles p where p.email like '%@alpha.test' loop
        perform tests.become(v_email);
        insert into compared
        select v_email, a.customer_id, c.customer_id is not null, app.may_select_customers(a.org_id, a.customer_id)
        from all_customers a
        left join api.customers c on c.org_id = a.org_id and c.customer_id = a.customer_id;
        perform set_config('role', 'none', true);
    end loop;
end
$$;
select is((select count(*) from compared), 22 * 10::bigint, 'every person has looked at every customer');
select is_empty(
    'select * from compared where by_policy is distinct from by_function', 'the function for definer code says what the policy says'
);
select ok(
    (select bool_or(c.by_policy) and not bool_and(c.by_policy) from compared c), 'and that is neither always yes nor always no'
);

-- Moving people (cases 145–147)

select tests.become_owner();
update app.profiles set manager_user_id = tap.uid('sm2@alpha.test') where email = 'sp1@alpha.test';
select pg_temp.look('alpha');
select results_eq(
    $$ select who, leads, customers, prospects from seen where who in ('sm', 'sm2', 'sp1') order by position $$,
    $$
        values
            ('sm', 'C F', 'C F', 'C F'), ('sp1', 'B G', 'B G', 'B G'), ('sm2', 'B D G H', 'B D G H', 'B D G H')
    $$,
    'case 146: with sp1 under sm2, sm loses leads, customers and prospects, sm2 gains them'
);
select tests.become_owner();
update app.profiles set manager_user_id = null where email in ('sp1@alpha.test', 'sp2@alpha.test');
select pg_temp.look('alpha');
select results_eq(
    $$ select leads, customers, prospects from seen where who = 'sm' $$, $$ values ('F', 'F', 'F') $$,
    'case 147: a manager of nobody sees their own rows'
);
select tests.become_owner();
update app.profiles set role_key = 'marcomm', dept_code = 'MKT' where email = 'sp2@alpha.test';
select results_eq(
    $$ select c.owner_ids::text from crm.customers c where c.company_name = 'C' $$, array['{}'],
    'a prospect makes its owner the customer''s owner only while that person is of sales (spec §1.2)'
);
update app.profiles set role_key = 'salesperson', dept_code = 'SAL' where email = 'sp2@alpha.test';
select results_eq(
    $$ select c.owner_ids from crm.customers c where c.company_name = 'C' $$,
    $$ select array[tap.uid('sp2@alpha.test')] $$,
    'and again when they are'
);
update crm.leads set sales_owner_user_id = null where company_name = 'B';
delete from crm.leads where company_name = 'B';
select results_eq(
    $$ select c.owner_ids, c.creator_ids::text from crm.customers c where c.company_name = 'B' $$,
    $$ select array[tap.uid('sp1@alpha.test')], '{}' $$,
    'without the lead its creator has nothing left of the customer, its prospect''s owner has'
);

-- Columns (spec §1.6)

select tests.become('sa@alpha.test');
select is(tests.error_of('update crm.leads set ' || c.change), '42501', 'case 48, P33: nobody sets directly: ' || c.change)
from (values
    ('sales_owner_user_id = null'), ('customer_id = customer_id'), ('status = ''Closed Won'''), ('counts = true'),
    ('primary_channel = ''Other''')
) as c (change);
select is(tests.error_of('delete from crm.leads'), '42501', 'case 150: nobody deletes leads directly');
select is(tests.error_of('delete from crm.customers'), '42501', 'case 150: nor customers');
select is(
    tests.error_of($$ update crm.prospects set current_stage = 'Closed Won' $$), '42501', 'nor moves prospects by hand'
);
select is(
    tests.error_of($$
        insert into crm.prospect_stage_history (org_id, prospect_id, to_stage) values (app.org_id(), 'X', 'Closed Won')
    $$),
    '42501',
    'case 52: nor writes the history of stages'
);
select tests.become_owner();
select is(
    tests.error_of($$ delete from crm.customers where company_name = 'A' $$), '23503',
    'case 150: a customer with leads is not deleted by anybody'
);
select is(
    tests.error_of($$ delete from crm.prospects where customer_id = (select c.customer_id from crm.customers c where c.company_name = 'A') $$),
    '23503',
    'case 150: nor a prospect with leads'
);

delete from crm.leads where company_name in ('B', 'E');
select tests.become('dir@alpha.test');
select results_eq(
    'select status, lead_count, assigned_count from api.v_leads_pipeline_stats order by 1',
    $$ values ('Contacted', 2::bigint, 1::bigint), ('New', 4, 2), ('Qualified', 1, 1) $$, '§4: what is gone is not counted'
);

select * from finish();
rollback;
