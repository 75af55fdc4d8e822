-- Customers and their people: who reads and changes them, what is refused, who is primary.

begin;
select plan(54);

create temporary table found (name text primary key, customer_id text);
create temporary table people (name text primary key, contact_id bigint);
create temporary table stamps (version integer, audited bigint);
grant all on found, people, stamps to public;
create function pg_temp.post(p_email text, p_company text, p_owner text default null) returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    insert into found
    select p_company, a ->> 'customer_id'
    from api.crm_create_lead_bundle(jsonb_strip_nulls(jsonb_build_object(
        'company_name', 'PT ' || p_company, 'pic_name', 'Pic ' || p_company, 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', p_company || '@mail.example', 'sales_owner_user_id', tap.uid(p_owner)
    ))) a;
    perform set_config('role', 'none', true);
end
$$;
create function pg_temp.id(p_name text) returns text
language sql
as $$
    select f.customer_id from found f where f.name = p_name
$$;
create function pg_temp.patch(p_name text, p_changes jsonb) returns jsonb
language sql
as $$
    select api.crm_update_customer(pg_temp.id(p_name), p_changes)
$$;
create function pg_temp.error(p_name text, p_changes jsonb) returns text
language sql
as $$
    select tests.error_of(format('select api.crm_update_customer(%L, %L)', pg_temp.id(p_name), p_changes))
$$;
create function pg_temp.error_as(p_email text, p_call text) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select %s', p_email, p_call))
$$;

select pg_temp.post('mm@alpha.test', 'one', 'sp1@alpha.test');
select pg_temp.post('sp3@alpha.test', 'three');
select pg_temp.post('mc@alpha.test', 'market');
select pg_temp.post('sa@beta.test', 'b1');
select pg_temp.post('sa@beta.test', 'b2');
select pg_temp.post('sa@beta.test', 'b3');
select pg_temp.post('sa@beta.test', 'b4');

-- Lists and details

create function pg_temp.listed(p_email text, p_filters jsonb default '{}') returns text
language plpgsql
as $$
begin
    perform tests.become(p_email);
    return (
        select string_agg(i ->> 'company_name', ', ' order by i ->> 'company_name') from jsonb_array_elements(api.crm_list_customers(p_filters) -> 'items') i
    );
end
$$;
select is(pg_temp.listed(w.who || '@alpha.test'), w.list, w.who || ' has ' || coalesce(w.list, 'none'))
from (
    values
        ('sp1', 'PT one'), ('sp2', null), ('sm', 'PT one'), ('sm2', 'PT three'), ('mc', 'PT market'), ('ss', 'PT one, PT three'),
        ('fin', 'PT market, PT one, PT three'), ('dir', 'PT market, PT one, PT three')
) as w (who, list);
reset role;
select is(pg_temp.listed('mm@alpha.test', f.filters), f.list, 'filter ' || f.filters::text)
from (
    values
        (jsonb_build_object('owner_user_id', tap.uid('sp3@alpha.test')), 'PT three'), ('{"status": "prospect"}', 'PT market, PT one, PT three'),
        ('{"status": "active"}', null), ('{"customer_type": "government"}', null), ('{"parent_customer_id": "CUST0"}', null)
) as f (filters, list);
reset role;
select is(pg_temp.error_as('exi@alpha.test', 'api.crm_list_customers()'), 'PT403 permission.denied', 'case 137: operations have no customers');
select tests.become('sp1@alpha.test');
select is(
    api.crm_get_customer(pg_temp.id('one')) #>> '{contacts,0,full_name}', 'Pic one', 'a customer shows its people'
);
select is(jsonb_array_length(api.crm_get_customer(pg_temp.id('one')) -> 'leads'), 1, 'its leads');
select is(api.crm_get_customer(pg_temp.id('one')) #>> '{prospects,0,current_stage}', 'Prospect Created', 'and prospects');
select is(tests.error_of(format('select api.crm_get_customer(%L)', pg_temp.id('three'))), 'PT404 customer.not_found', 'somebody else''s is not there');
select is(tests.error_of(format('select api.crm_get_customer(%L)', pg_temp.id('b4'))), 'PT404 customer.not_found', 'nor another organisation''s');
select tests.become('fin@alpha.test');
select is(api.crm_get_customer(pg_temp.id('one')) -> 'leads', '[]', 'case 136: finance sees the customer and no lead');

-- Changes

select tests.become('sp1@alpha.test');
select is(
    pg_temp.patch('one', '{
        "legal_name": "PT One Tbk", "npwp": "01.234.567.8-901.000", "email": "office@one.example", "phone": "021-555-777",
        "website": "https://one.example", "address": "Jl. Satu", "city": "Bogor", "country": "ID", "status": "active",
        "customer_type": "government", "size": "large", "industry": "steel", "external_code": "A-1"
    }') @> '{
        "legal_name": "PT One Tbk", "npwp": "01.234.567.8-901.000", "email": "office@one.example", "city": "Bogor", "status": "active",
        "customer_type": "government", "size": "large", "version": 2
    }',
    true, 'an owner changes the customer, and gets it back'
);
select is(pg_temp.patch('one', '{"industry": null}') -> 'industry', 'null', 'null clears');
select is(
    tests.faults_of(format('select api.crm_update_customer(%L, %L)', pg_temp.id('one'), '{
        "company_name": " ", "status": "dead", "customer_type": null, "size": "huge", "email": "x", "phone": "12", "npwp": "1"
    }'::jsonb)),
    array['company_name customer.company_name.required', 'customer_type customer.customer_type.required'],
    'what cannot be blanked is named'
);
select is(
    tests.faults_of(format('select api.crm_update_customer(%L, %L)', pg_temp.id('one'), '{
        "status": "dead", "size": "huge", "email": "x", "phone": "12", "npwp": "1"
    }'::jsonb)),
    array[
        'email customer.email.format', 'npwp customer.npwp.format', 'phone customer.phone.format', 'size customer.size.unknown',
        'status customer.status.unknown'
    ], 'so is what is wrong'
);
select is(
    tests.faults_of(format('select api.crm_update_customer(%L, %L)', pg_temp.id('one'), jsonb_build_object(f.field, 1))),
    array[format('%s customer.field.unknown', f.field)], 'P33: nobody sets ' || f.field
)
from (
    values ('customer_id'), ('owner_ids'), ('creator_ids'), ('credit_limit'), ('credit_hold'), ('health_score'), ('version'), ('created_by'), ('deleted_at')
) as f (field);
select is(pg_temp.error('one', '{"city": "X", "expected_version": 1}'), 'PT409 customer.version.stale', 'whoever saw an old version is told');
select is(pg_temp.patch('one', '{"city": "X", "expected_version": 3}') ->> 'city', 'X', 'whoever did not, changes it');
reset role;
insert into stamps select c.version, (select count(*) from app.audit_logs) from crm.customers c where c.company_name = 'PT one';
select tests.become('sp1@alpha.test');
select is(pg_temp.patch('one', '{"city": "X"}') ->> 'city', 'X', 'the same again');
select tests.become_owner();
select results_eq(
    $$ select c.version, (select count(*) from app.audit_logs) from crm.customers c where c.company_name = 'PT one' $$, 'table stamps', 'leaves no trace'
);
select tests.become('sa@alpha.test');
select is(pg_temp.error('three', '{"npwp": "012345678901000"}'), '23505', 'P20: an NPWP names one customer, in whatever spelling');
select is(pg_temp.error('three', '{"external_code": "A-1"}'), '23505', 'so does a code');
reset role;
select is(
    pg_temp.error_as(w.who || '@alpha.test', format('api.crm_update_customer(%L, ''{"city": "Y"}'')', pg_temp.id(w.name))), w.error, w.why
)
from (
    values
        ('sp2', 'one', 'PT404 customer.not_found', 'another salesperson changes nothing'),
        ('mc', 'market', 'PT403 permission.denied', 'marketing staff neither, not even of its own leads'),
        ('fin', 'one', 'PT403 permission.denied', 'nor finance'),
        ('dir', 'one', 'PT403 permission.denied', 'nor a director'),
        ('ss', 'market', 'PT404 customer.not_found', 'support only what is in the pipeline')
) as w (who, name, error, why);

-- People

reset role;
insert into people select c.full_name, c.contact_id from crm.contacts c where c.full_name like 'Pic %';
select tests.become('sp1@alpha.test');
select is(
    api.crm_add_contact(pg_temp.id('one'), '{"full_name": "Boss", "email": "boss@one.example", "is_primary": true}') @> '{"is_primary": true}', true,
    'a new person may become the primary one'
);
select results_eq(
    $$ select t.full_name, t.is_primary from api.contacts t order by t.contact_id $$, $$ values ('Pic one', false), ('Boss', true) $$, 'and one is'
);
select is(
    api.crm_update_contact((select contact_id from people where name = 'Pic one'), '{"is_primary": true, "title": "Head", "mobile": "0812-000-999"}') @> '{"is_primary": true, "title": "Head"}',
    true, 'back again, with a title'
);
select is((select c.pic_name from api.customers c), 'Pic one', 'the customer shows the primary one');
select is(
    tests.faults_of(format('select api.crm_update_contact(%s, %L)', (select contact_id from people where name = 'Pic one'), '{"is_primary": false, "email": "x", "mobile": "1"}'::jsonb)),
    array['email contact.email.format', 'is_primary contact.is_primary.choose_another', 'mobile contact.mobile.format'], 'what is wrong is named'
);
select is(
    tests.faults_of(format('select api.crm_update_contact(%s, %L)', (select contact_id from people where name = 'Pic one'), '{"customer_id": "x", "email_opt_in": true}'::jsonb)),
    array['customer_id contact.field.unknown', 'email_opt_in contact.field.unknown'], 'P33: nobody moves a person or sets consent'
);
select is(
    tests.error_of(format('select api.crm_update_contact(%s, %L)', (select contact_id from people where name = 'Pic three'), '{"title": "x"}')),
    'PT404 customer.not_found', 'people of another''s customer are not there'
);
select is(tests.error_of($$ select api.crm_update_contact(999999999, '{"title": "x"}') $$), 'PT404 customer.not_found', 'nor who does not exist');
select is(tests.error_of(format($$ select api.crm_add_contact(%L, '{"full_name": "x"}') $$, pg_temp.id('three'))), 'PT404 customer.not_found', 'nor are they added');
select tests.become_owner();
select is(
    (select count(*) from crm.customer_keys k where k.key = 'boss@one.example'), 1::bigint, 'a person''s address finds the customer again'
);

select * from finish();
rollback;
