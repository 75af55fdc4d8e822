-- One company is one customer, however it is typed; and two companies are two.

begin;
select plan(44);

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic of ' || p_company, 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
create function pg_temp.post(p_company text, p_more jsonb default '{}') returns text
language sql
as $$
    select concat_ws(' ', a.answer ->> 'customer_id', a.answer ->> 'customer_matched_by')
    from (select api.crm_create_lead_bundle(pg_temp.lead(p_company, p_more)) as answer) a
$$;
insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');

select tests.become('mm@alpha.test');
select is(pg_temp.post('PT Pertama', '{"npwp": "01.234.567.8-901.000"}'), 'CUST0103310001', 'a first company');
select is(
    pg_temp.post('PT Lain Nama', '{"npwp": "0012345678901000"}'), 'CUST0103310001 npwp',
    'case 14: the same NPWP, 15 digits with points and 16 without, is one customer'
);
select is(
    pg_temp.post('PT Kedua', '{"email": "Budi@Kedua.co.id"}'), 'CUST0103310002', 'a second one'
);
select is(
    pg_temp.post('Kedua Sejahtera', '{"email": "  budi@KEDUA.co.id "}'), 'CUST0103310002 email',
    'case 15: the same e-mail in another case and with blanks is one customer'
);
select is(pg_temp.post('PT Ketiga', '{"contact_phone": "0812-3456-789"}'), 'CUST0103310003', 'a third one');
select is(
    pg_temp.post('Ketiga Abadi', '{"contact_phone": "+62 812 3456 789"}'), 'CUST0103310003 phone',
    'case 16: 0812… and +62812… are one customer'
);
select is(pg_temp.post('PT. Keempat  Makmur', '{}'), 'CUST0103310004', 'a fourth one');
select is(
    pg_temp.post('pt keempat MAKMUR', '{"email": "other@keempat.example", "contact_phone": "0811999888"}'),
    'CUST0103310004 company',
    'case 17: the same name in another case and spacing is one customer'
);
select is(
    pg_temp.post('Siapa Saja', '{"email": "other@keempat.example"}'), 'CUST0103310004 email',
    'the person whom a match brought along finds the customer the next time'
);
select is(
    pg_temp.post('CV Keempat Makmur', '{}'), 'CUST0103310005', 'case 17: CV X is not PT X'
);

-- Order: NPWP, e-mail, phone, name

select is(
    pg_temp.post('PT. Keempat Makmur', '{"contact_phone": "08123456789"}'), 'CUST0103310003 phone', 'the phone decides against the name'
);
select is(
    pg_temp.post('PT. Keempat Makmur', '{"email": "budi@kedua.co.id", "contact_phone": "08123456789"}'), 'CUST0103310002 email',
    'the e-mail against phone and name'
);
select is(
    pg_temp.post(
        'PT. Keempat Makmur',
        '{"npwp": "012345678901000", "email": "budi@kedua.co.id", "contact_phone": "08123456789"}'
    ),
    'CUST0103310001 npwp',
    'the NPWP against them all'
);

-- Two NPWPs are two customers, whatever else they share (P20)

select is(
    pg_temp.post('PT Pertama', '{"npwp": "09.999.999.9-999.000"}'), 'CUST0103310006',
    'P20: a weaker key never joins two different NPWPs'
);
select is(
    pg_temp.post('PT Pertama', '{"email": "new@pertama.example", "contact_phone": "0811333444"}'), 'CUST0103310001 company',
    'P20: without an NPWP the oldest of that name wins'
);
select is(
    pg_temp.post('PT Pertama', '{"npwp": "099999999999000"}'), 'CUST0103310006 npwp', 'P20: with one, whose it is'
);

-- Empty is not equal (P20)

select is(
    pg_temp.post('...', '{"npwp": "", "email": "dots1@mail.example", "contact_phone": "0811222001"}'), 'CUST0103310007',
    'P20: a name without a letter'
);
select is(
    pg_temp.post(',,,', '{"npwp": "  ", "email": "dots2@mail.example", "contact_phone": "0811222002"}'), 'CUST0103310008',
    'P20: is not the same as another one'
);

-- What a match adds (case 21)

select is(
    pg_temp.post(
        'PT Kedua',
        '{"npwp": "02.222.222.2-222.000", "pic_name": "Somebody Else", "city_area": "Medan", "contact_phone": "0811333555"}'
    ),
    'CUST0103310002 company',
    'case 21: a customer without NPWP, and a lead that has one'
);
select results_eq(
    $$ select npwp, city, pic_name, pic_email from api.customers where customer_id = 'CUST0103310002' $$,
    $$ values ('02.222.222.2-222.000', 'Jakarta', 'Pic of PT Kedua', 'Budi@Kedua.co.id') $$,
    'case 21: the NPWP is taken, the PIC and what was there stay'
);
select is(
    pg_temp.post('PT Nama Baru', '{"npwp": "022222222222000"}'), 'CUST0103310002 npwp', 'case 21: and finds it from now on'
);
select is(
    pg_temp.post('PT Pertama', '{"npwp": "01.234.567.8-901.000", "email": "third@pertama.example"}'), 'CUST0103310001 npwp',
    'a match with the same NPWP'
);
select results_eq(
    $$ select npwp from api.customers where customer_id = 'CUST0103310001' $$, array['01.234.567.8-901.000'],
    'case 21: changes nothing of what is there'
);
select results_eq(
    $$ select full_name, is_primary from api.contacts where customer_id = 'CUST0103310004' order by contact_id $$,
    $$ values ('Pic of PT. Keempat  Makmur', true), ('Pic of pt keempat MAKMUR', false) $$,
    'a person new to the customer becomes a further contact, not the primary one'
);

-- The oldest wins, and the same question has the same answer

select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name, created_at)
values
    ('a0000000-0000-4000-8000-000000000000', 'CUST-NEW', 'PT Kembar', '2030-02-01'),
    ('a0000000-0000-4000-8000-000000000000', 'CUST-OLD', 'PT Kembar', '2030-01-01'),
    ('a0000000-0000-4000-8000-000000000000', 'CUST-TWIN-B', 'PT Serempak', '2030-01-01'),
    ('a0000000-0000-4000-8000-000000000000', 'CUST-TWIN-A', 'PT Serempak', '2030-01-01');
select tests.become('mm@alpha.test');
select is(pg_temp.post('PT Kembar', '{}'), 'CUST-OLD company', 'the oldest of two customers wins');
select is(pg_temp.post('PT Serempak', '{}'), 'CUST-TWIN-A company', 'of two of the same moment the smaller id');
select tests.become_owner();
update crm.customers set deleted_at = now() where customer_id = 'CUST-OLD';
select tests.become('mm@alpha.test');
select is(
    pg_temp.post('PT Kembar', '{"email": "once.more@kembar.example", "contact_phone": "0811222333"}'), 'CUST-NEW company',
    'a deleted customer is not matched'
);

select tests.become_owner();
delete from crm.customers where customer_id = 'CUST-TWIN-B';
select is_empty(
    $$ select from crm.customer_keys k where k.customer_id = 'CUST-TWIN-B' $$, 'a customer that is removed takes its keys along'
);

-- An organisation is a world of its own

select tests.become('mm@beta.test');
select is(
    pg_temp.post('PT Pertama', '{"npwp": "01.234.567.8-901.000"}'), 'CUST0103310001',
    'another organisation meets the company for the first time'
);
select is((select count(*) from api.customers), 1::bigint, 'and sees its own customer alone');
select tests.become('mm@alpha.test');
select is(
    (select count(*) from api.customers c where c.npwp = '01.234.567.8-901.000'), 1::bigint, 'as the first one does'
);

-- The phone region is the organisation's

select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name, phone)
values ('c0000000-0000-4000-8000-000000000000', 'CUST-SG', 'Changi Pte', '+65 6123 4567');
select tests.become('mm@gamma.test');
select is(
    pg_temp.post('Some Name', '{"contact_phone": "06123 4567"}'), 'CUST0103310001', 'in Indonesia 0612… is not +65612…'
);
select tests.become_owner();
select ok(
    (
        select count(*) = count(distinct k.customer_id) and count(*) > 5
        from crm.customer_keys k
        where k.org_id = 'a0000000-0000-4000-8000-000000000000' and k.kind = 'company'
    ),
    'a customer has one name'
);

-- Every customer that a bundle made has what dedup stands on

select is_empty(
    $$
        select c.customer_id
        from crm.customers c
        where c.customer_id like 'CUST0103%'
          and (select count(*) from crm.contacts t where t.org_id = c.org_id and t.customer_id = c.customer_id and t.is_primary) <> 1
    $$,
    'each new customer has exactly one primary contact: the PIC'
);
select is_empty(
    $$
        select l.lead_id
        from crm.leads l
        join crm.prospects p on p.org_id = l.org_id and p.prospect_id = l.prospect_id
        where p.customer_id <> l.customer_id
    $$,
    'and a lead''s prospect is one of the lead''s customer'
);
select results_eq(
    $$
        select p.customer_id, p.owner_user_id, count(*)::integer
        from crm.prospects p
        where p.org_id = 'a0000000-0000-4000-8000-000000000000'
        group by 1, 2
        having count(*) > 1
    $$,
    $$ select null::text, null::uuid, null::integer where false $$,
    'case 57: a person pursues a customer once'
);
select is(
    tests.error_of($$
        insert into crm.prospects (org_id, customer_id, owner_user_id)
        select p.org_id, p.customer_id, p.owner_user_id from crm.prospects p limit 1
    $$),
    '23505',
    'case 57: a second prospect of one customer and owner is impossible'
);

-- A chain of three in one file or one at a time is the same: 80_ingest/dedup_in_files.sql

select tests.become('mm@alpha.test');
select is(pg_temp.post('PT Rantai', '{"email": "a@rantai.example"}'), 'CUST0103310009', 'a chain begins');
select is(pg_temp.post('PT Rantai', '{"email": "b@rantai.example", "contact_phone": "0811444001"}'), 'CUST0103310009 company', 'by name');
select is(
    pg_temp.post('Lain Sekali', '{"email": "b@rantai.example", "contact_phone": "0811444002"}'), 'CUST0103310009 email', 'by e-mail'
);
select is(
    pg_temp.post('Lain Lagi', '{"contact_phone": "0811444001"}'), 'CUST0103310009 phone', 'by phone'
);
select is(
    (select count(*) from api.leads l where l.customer_id = 'CUST0103310009'), 4::bigint, 'four leads, one customer'
);
select is(
    (select count(*) from api.prospects p where p.customer_id = 'CUST0103310009'), 1::bigint, 'and one prospect of their creator'
);
select is(
    (select count(*) from api.contacts p where p.customer_id = 'CUST0103310009'), 3::bigint, 'and the people behind three e-mails'
);

select * from finish();
rollback;
