-- Customers, prospects and leads name what is there, in their own organisation; what is named stays.

begin;
select plan(35);

create function pg_temp.alpha() returns uuid language sql immutable as $$ select 'a0000000-0000-4000-8000-000000000000'::uuid $$;

create function pg_temp.lead(p_service text, p_channel text, p_owner uuid) returns text
language sql
as $$
    select tests.error_of(format(
        $i$
            insert into crm.leads (
                org_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, primary_channel,
                sourced_by, next_step, due_date, sales_owner_user_id, customer_id, prospect_id, created_by
            )
            values (
                %L, '2031-03-01', 'PT Rujukan', 'Pic', '0811222333', 'pic@rujukan.example', 'Jakarta', %L, %L,
                'Sales', 'Call', '2031-03-08', %L, 'CUST-REF', 'ACT-REF', %L
            )
        $i$,
        pg_temp.alpha(), p_service, p_channel, p_owner, tap.uid('sp1@alpha.test')
    ))
$$;

select tests.become_owner();

-- Rows that come

select is(
    tests.error_of($$ insert into crm.customers (org_id, company_name) values (gen_random_uuid(), 'PT Nowhere') $$), '23503',
    'a customer belongs to an organisation'
);
insert into crm.customers (org_id, customer_id, company_name) values (pg_temp.alpha(), 'CUST-REF', 'PT Rujukan');
select is(
    tests.error_of(format(
        $$ insert into crm.prospects (org_id, customer_id, owner_user_id) values (%L, 'CUST-REF', %L) $$, pg_temp.alpha(), w.user_id
    )),
    w.error,
    'a prospect''s owner is ' || w.what
)
from (values
    (tap.uid('mm@beta.test'), '23503', 'nobody of another organisation'),
    (gen_random_uuid(), '23503', 'somebody'),
    (tap.uid('sp2@alpha.test'), null, 'a person of its organisation')
) as w (user_id, error, what);
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
values (pg_temp.alpha(), 'ACT-REF', 'CUST-REF', tap.uid('sp1@alpha.test'));
insert into crm.customers (org_id, customer_id, company_name)
select o.org_id, 'CUST-' || upper(o.slug), 'PT ' || o.slug from app.organizations o where o.slug in ('alpha', 'beta');
insert into crm.contacts (org_id, customer_id, full_name) values (pg_temp.alpha(), 'CUST-REF', 'Pic');
select is(tests.error_of(format(c.change, pg_temp.alpha(), tap.uid('sp1@alpha.test'))), '23503', c.what)
from (values
    (
        $$ insert into crm.prospects (org_id, customer_id, owner_user_id) values (%L, 'CUST-BETA', %L) $$,
        'a prospect''s customer is none of another organisation'
    ),
    ($$ insert into crm.prospects (org_id, customer_id, owner_user_id) values (%L, 'CUST-NONE', %L) $$, 'and is one'),
    (
        $$ insert into crm.contacts (org_id, customer_id, full_name) values (%L, 'CUST-BETA', 'Pic') $$,
        'a contact''s customer is none of another organisation'
    ),
    ($$ insert into crm.contacts (org_id, customer_id, full_name) values (%L, 'CUST-NONE', 'Pic') $$, 'and is one')
) as c (change, what);

select is(pg_temp.lead('NONE', 'SEM', null), '23503', 'a lead''s service is one');
select is(pg_temp.lead('EXI_AF', 'Pigeon', null), '23502', 'its channel is one, or it has no id');
select is(pg_temp.lead('EXI_AF', 'SEM', tap.uid('mm@beta.test')), '23503', 'its sales owner is nobody of another organisation');
select is(pg_temp.lead('EXI_AF', 'SEM', gen_random_uuid()), '23503', 'its sales owner is somebody');
select is(pg_temp.lead('EXI_AF', 'SEM', null), null, 'it may have no owner');
select is(pg_temp.lead('EXI_AF', 'SEM', tap.uid('sp1@alpha.test')), null, 'or one of its organisation');

-- Rows that change

select is(tests.error_of(c.change), '23503', c.what)
from (values
    ($$ update crm.leads set service_code = 'NONE' where customer_id = 'CUST-REF' $$, 'a lead does not move to a service that is none'),
    ($$ update crm.leads set primary_channel = 'Pigeon' where customer_id = 'CUST-REF' $$, 'nor to a channel that is none'),
    ($$ update crm.leads set sales_owner_user_id = gen_random_uuid() where customer_id = 'CUST-REF' $$, 'nor to nobody'),
    ($$ update crm.leads set prospect_id = 'ACT-NONE' where customer_id = 'CUST-REF' $$, 'nor to a prospect that is none'),
    (
        $$ update crm.leads set customer_id = 'CUST-ALPHA' where customer_id = 'CUST-REF' $$,
        'nor to another customer than its prospect''s'
    ),
    ($$ update crm.prospects set owner_user_id = gen_random_uuid() where prospect_id = 'ACT-REF' $$, 'nor does a prospect'),
    (
        $$ update crm.prospects set customer_id = 'CUST-BETA' where prospect_id = 'ACT-REF' $$,
        'nor does it move to a customer of others'
    )
) as c (change, what);

-- What they name

select is(tests.error_of(c.change), '23503', c.what)
from (values
    ($$ delete from crm.services where org_id = pg_temp.alpha() and service_code = 'EXI_AF' $$, 'a service that leads ask for stays'),
    (
        $$ update crm.services set service_code = 'EXI_NEW' where org_id = pg_temp.alpha() and service_code = 'EXI_AF' $$,
        'and keeps its code'
    ),
    ($$ delete from crm.lead_channels where primary_channel = 'SEM' $$, 'a channel that leads came through stays'),
    ($$ update crm.lead_channels set primary_channel = 'Search' where primary_channel = 'SEM' $$, 'and keeps its name'),
    (
        $$ update app.profiles set user_id = gen_random_uuid() where user_id = tap.uid('sp1@alpha.test') $$,
        'whoever owns leads or prospects keeps their id'
    ),
    ($$ delete from crm.prospects where prospect_id = 'ACT-REF' $$, 'a prospect with leads stays'),
    ($$ update crm.prospects set prospect_id = 'ACT-NEW' where prospect_id = 'ACT-REF' $$, 'and keeps its id'),
    ($$ delete from crm.customers where customer_id = 'CUST-REF' $$, 'a customer with prospects stays'),
    ($$ update crm.customers set customer_id = 'CUST-NEW' where customer_id = 'CUST-REF' $$, 'and keeps its id')
) as c (change, what);
select is(
    tests.error_of($$ delete from crm.services where org_id = pg_temp.alpha() and service_code not in (select l.service_code from crm.leads l) $$),
    null, 'a service that nobody asked for can go'
);

insert into crm.contacts (org_id, customer_id, full_name) values (pg_temp.alpha(), 'CUST-ALPHA', 'Pic');
select is(
    tests.error_of($$ update crm.customers set customer_id = 'CUST-NEW' where customer_id = 'CUST-ALPHA' $$),
    '23503', 'so does one with contacts'
);
delete from crm.customers where customer_id = 'CUST-ALPHA';
select is((select count(*) from crm.contacts c where c.customer_id = 'CUST-ALPHA'), 0::bigint, 'contacts go with their customer');
select is(
    (select count(*) from app.audit_logs a where a.table_name = 'crm.contacts' and a.action = 'DELETE'), 1::bigint,
    'and leave a trace'
);

-- A chunk is looked at as a whole

select is(
    tests.error_of(format(
        $$
            insert into crm.prospects (org_id, customer_id, owner_user_id)
            select %L, 'CUST-REF', o from unnest(%L::uuid[]) o
        $$,
        pg_temp.alpha(), array[tap.uid('sp3@alpha.test'), tap.uid('mm@beta.test')]
    )),
    '23503', 'one bad row among good ones is found'
);

select * from finish();
rollback;
