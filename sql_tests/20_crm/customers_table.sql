-- What the tables of customers, contacts and prospects refuse, whoever writes. (customers cases: the second specification.)

begin;
select plan(51);

create function pg_temp.add(p_columns text, p_values text, p_org text default 'a') returns text
language sql
as $$
    select tests.error_of(format(
        'insert into crm.customers (org_id, %s) values (%L, %s)', p_columns, p_org || '0000000-0000-4000-8000-000000000000', p_values
    ))
$$;
insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');

select tests.become_owner();
select is(pg_temp.add('company_name', $$ 'PT Only Name' $$), null, 'customers case 7: a name is enough');
select results_eq(
    $$
        select c.customer_id, c.status, c.customer_type, c.version, c.credit_hold, c.custom_fields, c.owner_ids::text
        from crm.customers c where c.company_name = 'PT Only Name'
    $$,
    $$ values ('CUST0103310001', 'prospect', 'business', 1, false, '{}'::jsonb, '{}') $$,
    'customers case 7: prospect, business, version 1, an id of its own'
);
select is(pg_temp.add('company_name', c.value), c.error, 'customers case 8: a name ' || c.what)
from (values
    ($$ '   ' $$, '23514', 'of blanks'), ('null', '23502', 'that is missing'),
    ($$ repeat('x', 256) $$, '23514', 'of 256 characters'), ($$ repeat('x', 255) $$, null, 'of 255 characters')
) as c (value, error, what);

select is(pg_temp.add('company_name, external_code', $$ 'PT Code', 'K-1' $$), null, 'customers case 9: a code of the user''s own');
select is(pg_temp.add('company_name, external_code', $$ 'PT Code 2', 'K-1' $$), '23505', 'customers case 9: names one customer');
select is(
    pg_temp.add('company_name, external_code', $$ 'PT Code', 'K-1' $$, 'b'), null, 'customers case 9: of each organisation'
);
update crm.customers set deleted_at = now() where external_code = 'K-1' and org_id = 'a0000000-0000-4000-8000-000000000000';
select is(
    pg_temp.add('company_name, external_code', $$ 'PT Code 2', 'K-1' $$), null, 'customers case 9: and is free again after deletion'
);
select is(pg_temp.add('company_name, email', $$ 'PT Mail', 'A@x.com' $$), null, 'customers case 10: an e-mail');
select is(
    pg_temp.add('company_name, email', $$ 'PT Mail 2', 'a@x.com' $$), null,
    'customers case 10: that another one has is accepted (decisions §5.12)'
);
select is(pg_temp.add('company_name, npwp', $$ 'PT Tax', '01.234.567.8-901.000' $$), null, 'an NPWP');
select is(
    pg_temp.add('company_name, npwp', $$ 'PT Tax 2', '0012345678901000' $$), '23505', 'P20: names one customer, however typed'
);

select is(pg_temp.add('company_name, ' || c.columns, $$ 'PT Bounds', $$ || c.value), c.error, format('%s: %s %s', c.name, c.columns, c.value))
from (values
    ('customers case 13', 'credit_limit', '-1', '23514'), ('customers case 13', 'credit_limit', '0', null),
    ('customers case 13', 'credit_limit', 'null', null), ('customers case 13', 'credit_limit', '-0.01', '23514'),
    ('customers case 14', 'health_score', '101', '23514'), ('customers case 14', 'health_score', '-1', '23514'),
    ('customers case 14', 'health_score', '0', null), ('customers case 14', 'health_score', '100', null),
    ('customers case 14', 'health_score', 'null', null),
    ('a state', 'status', $$ 'ACTIVE' $$, '23514'), ('a kind', 'customer_type', $$ 'company' $$, '23514'),
    ('no object', 'custom_fields', $$ '[]' $$, '23514'),
    ('an e-mail', 'email', $$ 'nobody' $$, '23514')
) as c (name, columns, value, error);
select is(
    pg_temp.add('company_name, credit_hold', $$ 'PT Hold', true $$), '23514', 'a credit hold has a reason'
);
select is(
    pg_temp.add('company_name, credit_hold, credit_hold_reason', $$ 'PT Hold', true, 'late' $$), null, 'as here'
);
update crm.customers set credit_hold = false where company_name = 'PT Hold';
select results_eq(
    $$ select credit_hold_reason, credit_hold_at from crm.customers where company_name = 'PT Hold' $$,
    $$ values (null::text, null::timestamptz) $$,
    'and forgets it when the hold ends'
);

-- Contacts

select is(
    tests.error_of($$
        insert into crm.contacts (org_id, customer_id, full_name)
        select 'b0000000-0000-4000-8000-000000000000', c.customer_id, 'X'
        from crm.customers c
        where c.company_name = 'PT Hold'
    $$),
    '23503',
    'customers case 3: a contact for a customer of another organisation'
);
select is(
    tests.error_of($$
        insert into crm.contacts (org_id, customer_id, full_name, is_primary)
        select c.org_id, c.customer_id, n, true
        from crm.customers c, unnest(array['One', 'Two']) n
        where c.company_name = 'PT Hold'
    $$),
    '23505',
    'customers case 28: a customer has one primary contact at most'
);
select is(
    tests.error_of($$
        insert into crm.contacts (org_id, customer_id, full_name)
        select c.org_id, c.customer_id, '  ' from crm.customers c where c.company_name = 'PT Hold'
    $$),
    '23514',
    'a contact has a name'
);
select is(
    tests.error_of($$
        with made as (
            insert into crm.contacts (org_id, customer_id, full_name)
            select c.org_id, c.customer_id, 'Stays' from crm.customers c where c.company_name = 'PT Hold'
            returning org_id, contact_id
        )
        select from made
    $$),
    null,
    'one without an e-mail or a number'
);
select is(
    tests.error_of($$ update crm.contacts set customer_id = 'CUST0103310001' where full_name = 'Stays' $$),
    'PT422 contact.customer_id.immutable',
    'stays with its customer'
);

-- Prospects (cases 51, 57)

insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, created_by)
values (
    'a0000000-0000-4000-8000-000000000000', 'ACT-T', 'CUST0103310001', tap.uid('sp1@alpha.test'), tap.uid('sp1@alpha.test')
);
update crm.prospects set current_stage = 'Initial Contact' where prospect_id = 'ACT-T';
update crm.prospects set current_stage = 'Initial Contact' where prospect_id = 'ACT-T';
update crm.prospects set current_stage = 'Closed Won' where prospect_id = 'ACT-T';
select results_eq(
    $$ select from_stage, to_stage from crm.prospect_stage_history where prospect_id = 'ACT-T' order by history_id $$,
    $$
        values
            (null, 'Prospect Created'), ('Prospect Created', 'Initial Contact'), ('Initial Contact', 'Closed Won')
    $$,
    'case 51: each change of stage is one line, the first stage too, the same stage none'
);
select is(
    (select p.closed_at is not null from crm.prospects p where p.prospect_id = 'ACT-T'), true, 'a closed prospect says since when'
);
select is(
    tests.error_of($$
        insert into crm.prospects (org_id, customer_id, owner_user_id, current_stage)
        select p.org_id, p.customer_id, tap.uid('sp3@alpha.test'), 'Won' from crm.prospects p where p.prospect_id = 'ACT-T'
    $$), '23514',
    'a stage is one of eight'
);
select is(
    tests.error_of($$
        insert into crm.prospects (org_id, customer_id, owner_user_id)
        values ('a0000000-0000-4000-8000-000000000000', 'CUST0103310001', tap.uid('sp1@beta.test'))
    $$),
    '23503',
    'a prospect''s owner is of the organisation'
);

-- What people may change of customers, and what a refusal tells them

reset role;
create function pg_temp.refusal(p_sql text) returns text
language plpgsql
as $$
declare
    v_detail text;
begin
    execute p_sql;
    return null;
exception
    when others then
        get stacked diagnostics v_detail = pg_exception_detail;
        return concat_ws(' ', sqlstate, sqlerrm, nullif(v_detail, ''));
end
$$;
select tests.become('sp1@alpha.test');
select results_eq('select company_name from api.customers', array['PT Only Name'], 'sp1 has one customer');
select results_eq(
    $$ with u as (update crm.customers set city = 'Bogor' returning company_name) select * from u $$, array['PT Only Name'],
    'and changes that one alone'
);
select ok(
    pg_temp.refusal($$ update crm.customers set npwp = '012345678901000' $$) ~ '^23505'
    and pg_temp.refusal($$ update crm.customers set npwp = '012345678901000' $$) !~ 'PT Tax|CUST|0012345678901000',
    'case 152: an NPWP that an invisible customer has is refused, without a word of whose it is'
);
select ok(
    pg_temp.refusal($$ update crm.customers set external_code = 'K-1' $$) ~ '^23505'
    and pg_temp.refusal($$ update crm.customers set external_code = 'K-1' $$) !~ 'PT Code|CUST',
    'case 152: a code likewise'
);
select tests.become('fin@alpha.test');
select isnt_empty('select from api.customers', 'case 136: finance reads customers');
select is_empty(
    $$ with u as (update crm.customers set city = 'X' returning 1) select * from u $$, 'case 136: and changes none'
);
select tests.become('exi@alpha.test');
select is_empty('select from api.customers', 'case 137: operations see none');
select ok(
    pg_temp.refusal($$ update crm.customers set npwp = '012345678901000' $$) is null
    and pg_temp.refusal($$ insert into crm.customers (org_id, company_name, npwp) values (app.org_id(), 'X', '012345678901000') $$)
        = '42501 permission denied for table customers',
    'case 152: nor learn of any by trying to write'
);
select tests.become('sa@alpha.test');
select is(tests.error_of('update crm.customers set ' || c.change), '42501', 'P33: nobody sets directly: ' || c.change)
from (values ('credit_limit = 1'), ('owner_ids = ''{}'''), ('deleted_at = now()'), ('version = 9')) as c (change);

select * from finish();
rollback;
