-- The comparable forms by which a customer is found again (spec §3.1).

begin;
select plan(47);

select is(crm.npwp_key(k.typed), k.key, 'NPWP ' || coalesce(to_jsonb(k.typed)::text, 'none'))
from (values
    ('01.234.567.8-901.000', '0012345678901000'),
    ('012345678901000', '0012345678901000'),
    ('0012345678901000', '0012345678901000'),
    (' 0012 3456 7890 1000 ', '0012345678901000'),
    ('', null), ('   ', null), ('-', null), ('n/a', null), (null, null)
) as k (typed, key);

select is(crm.email_key(k.typed), k.key, 'e-mail ' || coalesce(to_jsonb(k.typed)::text, 'none'))
from (values
    ('Budi@Maju.co.id', 'budi@maju.co.id'),
    (E' \tBUDI@maju.co.id\r\n', 'budi@maju.co.id'),
    (E'\u00a0budi@maju.co.id\u00a0', 'budi@maju.co.id'),
    ('budi+a@maju.co.id', 'budi+a@maju.co.id'),
    ('', null), ('  ', null), (null, null)
) as k (typed, key);

select is(crm.phone_key(k.typed, '62'), k.key, 'telephone ' || coalesce(to_jsonb(k.typed)::text, 'none'))
from (values
    ('0812-3456-789', '628123456789'),
    ('+62 812 3456 789', '628123456789'),
    ('0062 812 3456 789', '628123456789'),
    ('62812.3456.789', '628123456789'),
    ('(021) 555-1234', '62215551234'),
    ('+65 6123 4567', '6561234567'),
    ('0065 6123 4567', '6561234567'),
    ('12345', null), ('0-1-2', null), ('', null), ('ext.', null), (null, null)
) as k (typed, key);
select is(crm.phone_key('0812 3456 789', '65'), '658123456789', 'telephone in an organisation of another region');

select is(crm.company_key(k.typed), k.key, 'company ' || coalesce(to_jsonb(k.typed)::text, 'none'))
from (values
    ('PT. Maju Jaya, Tbk.', 'pt maju jaya tbk'),
    ('  pt   MAJU' || E'\t' || 'jaya Tbk', 'pt maju jaya tbk'),
    (E'PT\u00a0Maju\u00a0Jaya\u00a0Tbk', 'pt maju jaya tbk'),
    ('CV Maju Jaya', 'cv maju jaya'),
    ('...', null), ('', null), ('  ', null), (null, null)
) as k (typed, key);

select isnt(crm.company_key('PT Maju'), crm.company_key('CV Maju'), 'PT X and CV X are different firms');

-- The columns that hold them are filled by the table itself

select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name, npwp, email, phone)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-T', 'PT. T', '01.234.567.8-901.000', 'A@T.example', '0812 3456 789');
insert into crm.contacts (org_id, customer_id, full_name, email, phone, mobile)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-T', 'T', 'P@T.example', '021-5551234', '+62 813 1111 222');
select results_eq(
    $$ select kind, key from crm.customer_keys where customer_id = 'CUST-T' order by 1, 2 $$,
    $$
        values
            ('company', 'pt t'), ('email', 'a@t.example'), ('email', 'p@t.example'), ('npwp', '0012345678901000'),
            ('phone', '62215551234'), ('phone', '628123456789'), ('phone', '628131111222')
    $$,
    'a customer is found by its own keys and by its contacts'''
);
update crm.customers set phone = null, company_name = 'PT U' where customer_id = 'CUST-T';
delete from crm.contacts where customer_id = 'CUST-T';
select results_eq(
    $$ select kind, key from crm.customer_keys where customer_id = 'CUST-T' order by 1, 2 $$,
    $$ values ('company', 'pt u'), ('email', 'a@t.example'), ('npwp', '0012345678901000') $$,
    'and no longer by what is not there any more'
);
insert into crm.contacts (org_id, customer_id, full_name, email)
select 'a0000000-0000-4000-8000-000000000000', 'CUST-T', n, 'shared@t.example' from unnest(array['T', 'U']) n;
delete from crm.contacts where customer_id = 'CUST-T' and full_name = 'T';
select is(
    (select count(*) from crm.customer_keys k where k.key = 'shared@t.example'), 1::bigint,
    'a key that two contacts share stays with the one that is left'
);
update crm.contacts set email = 'moved@t.example' where customer_id = 'CUST-T';
select results_eq(
    $$ select key from crm.customer_keys where customer_id = 'CUST-T' and kind = 'email' order by 1 $$,
    array['a@t.example', 'moved@t.example'],
    'an e-mail that changes takes its key along'
);
update crm.customers set deleted_at = now() where customer_id = 'CUST-T';
select is_empty($$ select from crm.customer_keys where customer_id = 'CUST-T' $$, 'a deleted customer is not found');
update crm.customers set deleted_at = null where customer_id = 'CUST-T';
select is(
    (select count(*) from crm.customer_keys where customer_id = 'CUST-T'), 4::bigint, 'a restored one is, by all its keys'
);
insert into crm.customers (org_id, customer_id, company_name, email)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-V', 'PT V', 'a@t.example');
select is(
    tests.error_of($$
        update crm.customers set npwp = '012345678901000' where customer_id = 'CUST-V'
    $$),
    '23505',
    'an NPWP names one customer, however it is typed'
);
select is(
    tests.error_of($$
        insert into crm.customers (org_id, customer_id, company_name, npwp)
        values ('b0000000-0000-4000-8000-000000000000', 'CUST-V', 'PT V', '012345678901000')
    $$),
    null,
    'in one organisation: another one has its own'
);
select tests.become('sa@alpha.test');
select is(tests.error_of('select key from crm.customer_keys'), '42501', 'nobody reads the keys');

select * from finish();
rollback;
