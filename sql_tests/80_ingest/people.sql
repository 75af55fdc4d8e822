-- Files of customers and contacts: one company is one customer, whichever way it comes; and a file opens nobody's customers.

begin;
select plan(33);
\ir _files.psql

create function pg_temp.may(p_who text, p_module text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return coalesce(tests.error_of(format('select pg_temp.upload(%L, %L, %L)', gen_random_uuid(), p_module, '[{"notes": "x"}]')), 'yes');
end
$$;
create function pg_temp.company(p_name text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'Perusahaan', p_name, 'Nama PIC', 'Pic of ' || p_name, 'No. HP', '0811' || translate(left(md5(p_name), 8), 'abcdef', '012345'),
        'Email', left(md5(p_name), 12) || '@mail.example'
    ) || p_more
$$;

-- sp3's customer, whom sp1, sm and ss know nothing of (ss sees it: it is in the pipeline)
insert into crm.customers (org_id, customer_id, company_name, npwp)
select o.org_id, 'Theirs', 'PT Theirs', '098765432109000' from app.organizations o where o.slug = 'alpha';
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
select p.org_id, 'Theirs', 'Theirs', p.user_id from app.profiles p where p.email = 'sp3@alpha.test';
insert into crm.customers (org_id, customer_id, company_name)
select o.org_id, 'Nobodys', 'PT Nobodys' from app.organizations o where o.slug = 'alpha';

-- Who (case 124)

select is_empty(
    $$ select w, m, pg_temp.may(w, m) from unnest(array['dir', 'mc', 'sp1', 'exi', 'dom', 'fin', 'stf']) w, unnest(array['customers', 'contacts']) m
       where pg_temp.may(w, m) <> 'PT403 permission.denied' $$,
    'case 124: directors, marketing staff, salespeople, operations, finance and staff import no customers'
);
select is(
    array(select pg_temp.may(w, 'customers') from unnest(array['sa', 'mad', 'mm', 'sm', 'adm', 'ss']) w), array_fill('yes'::text, array[6]),
    'case 124: super admins, marketing and sales managers, admins and sales support do'
);
select is(pg_temp.may('sm', 'leads') || pg_temp.may('sm', 'invoices'), 'PT403 permission.deniedPT403 permission.denied', 'case 124: a sales manager these two only');

-- Customers: with headers as people write them

select tests.become('sm@alpha.test');
select pg_temp.upload('companies', 'customers', jsonb_build_array(
    pg_temp.company('PT Satu', '{"NPWP": "01.234.567.8-901.000", "Kota": "Jakarta"}'),
    pg_temp.company('PT. SATU', '{"Alamat": "Jl. Satu 1", "Kota": "Bogor"}'),
    pg_temp.company('PT Lain', '{"NPWP": "012345678901000", "Negara": "ID"}'),
    pg_temp.company('PT Dua', '{"Email": "nobody"}'),
    pg_temp.company('PT Tiga', '{"No. HP": "12", "NPWP": "123"}'),
    pg_temp.company('PT Empat'),
    pg_temp.company('PT Empat'),
    pg_temp.company('PT Theirs')
));
select is(pg_temp.process('companies'), 'completed: 5 success, 2 error, 0 skipped, 1 duplicate, 0 pending', 'case 116: good rows are written, bad ones are errors');
select is(
    pg_temp.reasons('companies'), '5 error customer.pic_email.format, 6 error customer.npwp.format+customer.pic_phone.format, 8 duplicate import.row.duplicate',
    'each says why'
);
select results_eq(
    $$ select c.company_name, c.npwp, c.city, c.address, c.country, c.pic_name from api.customers c order by 1 $$,
    $$ values ('PT Empat', null, null, null, null, 'Pic of PT Empat'),
              ('PT Satu', '01.234.567.8-901.000', 'Jakarta', 'Jl. Satu 1', 'ID', 'Pic of PT Satu') $$,
    'case 14, 17: three spellings of one company are one customer; blanks are filled, nothing is overwritten'
);
select is((select count(*) from api.contacts c join api.customers u using (customer_id) where u.company_name = 'PT Satu'), 3::bigint, 'whose three people it keeps');
select is(
    (select string_agg(concat_ws(' ', r.row_no, u.company_name, r.target_id is null), ', ' order by r.row_no)
     from api.import_rows r join ids i using (import_id) left join api.customers u on u.customer_id = r.target_id where i.name = 'companies' and r.status = 'success'),
    '2 PT Satu f, 3 PT Satu f, 4 PT Satu f, 7 PT Empat f, 9 t',
    'decisions §5.1: each row leads to its customer; which customer another team''s is, is not told'
);
select tests.become_owner();
select is(
    (select concat_ws(' ', c.npwp, c.address, (select count(*) from crm.contacts t where t.customer_id = c.customer_id), c.owner_ids = array[tap.uid('sp3@alpha.test')])
     from crm.customers c where c.customer_id = 'Theirs'), '098765432109000 0 t', 'decisions §5.1: and nothing is written to it'
);
select isnt((select count(*) from app.notifications n where n.topic = 'customers.import_met_known'), 0::bigint, 'managers hear of it');
select results_eq(
    $$ select c.company_name, c.owner_ids, c.creator_ids, c.created_by from crm.customers c where c.source_import_id is not null order by 1 $$,
    $$ select n, array[tap.uid('sm@alpha.test')], '{}'::uuid[], tap.uid('sm@alpha.test') from unnest(array['PT Empat', 'PT Satu']) n $$,
    'what a sales manager brings is the own, through a prospect, and nobody''s by creation'
);
select is_empty(
    $$ select c.customer_id from crm.customers c where c.owner_ids <> array(
           select p.owner_user_id from crm.prospects p where p.org_id = c.org_id and p.customer_id = c.customer_id and p.counts order by 1) $$,
    'owners are those that leads and prospects say'
);
select tests.become('sm@alpha.test');
select pg_temp.upload('companies again', 'customers', jsonb_build_array(pg_temp.company('PT Empat'), pg_temp.company('PT Empat', '{"Kota": "Solo"}')));
select is(pg_temp.process('companies again'), 'completed: 1 success, 0 error, 1 skipped, 0 duplicate, 0 pending', 'P31, case 117: the same row is not taken again');
select is((select c.city from api.customers c where c.company_name = 'PT Empat'), 'Solo', 'a row that says more fills a blank');
select is((select count(*) from api.customers), 2::bigint, 'P31: and there is one customer still');

select tests.become('ss@alpha.test');
select pg_temp.upload('of ss', 'customers', jsonb_build_array(pg_temp.company('PT Lima')));
select is(pg_temp.process('of ss'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'case 124: sales support imports customers');
select is((select count(*) from api.customers c where c.company_name = 'PT Lima'), 1::bigint, 'P32: and sees them');
select tests.become('mm@alpha.test');
select pg_temp.upload('of mm', 'customers', jsonb_build_array(pg_temp.company('PT Enam')));
select is(pg_temp.process('of mm'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a marketing manager too');
select is((select c.owner_ids from api.customers c where c.company_name = 'PT Enam'), '{}'::uuid[], 'whose customers wait for an owner');

-- Contacts

select tests.become('sm@alpha.test');
select pg_temp.upload('people', 'contacts', '[
    {"Customer": "PT Satu", "Name": "Ani", "E-mail": "ani@satu.test", "Phone": "0811-1111-111", "Jabatan": "Manager"},
    {"Customer": "PT Satu", "Name": "Ani Wijaya", "E-mail": "ANI@satu.test", "HP": "0812-2222-222"},
    {"Customer": "pt satu", "Name": "Budi"},
    {"NPWP": "012345678901000", "Name": "Budi", "Jabatan": "Driver"},
    {"Customer": "PT Theirs", "Name": "Eve", "E-mail": "eve@theirs.test"},
    {"Customer": "PT None", "Name": "Eve"},
    {"Customer": "", "Name": ""},
    {"Customer": "PT Satu", "Name": "Cici", "E-mail": "cici", "Phone": "1"}
]');
select is(pg_temp.process('people', 6), 'processing: 4 success, 2 error, 0 skipped, 0 duplicate, 2 pending', 'contacts: found by name and tax number');
select is(pg_temp.process('people'), 'completed: 4 success, 4 error, 0 skipped, 0 duplicate, 0 pending', 'chunk by chunk');
select is(
    pg_temp.reasons('people'),
    '6 error contact.company_name.unknown, 7 error contact.company_name.unknown, 8 error contact.full_name.required, 9 error contact.email.format+contact.phone.format',
    'case 152: another team''s customer is as unknown as one that there is not'
);
select results_eq(
    $$ select c.full_name, c.email, c.phone, c.mobile, c.title, c.is_primary from api.contacts c join api.customers u using (customer_id)
       where u.company_name = 'PT Satu' and c.full_name !~ '^Pic' order by 1 $$,
    $$ values ('Ani Wijaya', 'ANI@satu.test', '0811-1111-111', '0812-2222-222', 'Manager', false), ('Budi', null, null, null, 'Driver', false) $$,
    'a person of two rows is one contact; a blank cell keeps what is there'
);
select pg_temp.upload('people again', 'contacts', '[
    {"Customer": "PT Satu", "Name": "Ani Wijaya", "HP": "0812-2222-222", "E-mail": "ANI@satu.test"},
    {"Customer": "PT Satu", "Name": "ani wijaya", "HP": "0062 812 2222 222"},
    {"Customer": "PT Satu", "Name": "Budi", "Catatan": "calls back"}
]');
select is(pg_temp.process('people again'), 'completed: 2 success, 0 error, 1 skipped, 0 duplicate, 0 pending', 'by e-mail, else by name; what differs in nothing is skipped');
select is(
    (select count(*) from api.contacts c join api.customers u using (customer_id) where u.company_name = 'PT Satu' and c.full_name !~ '^Pic'), 2::bigint,
    'P31: and nobody is there twice'
);
select tests.become('sa@alpha.test');
select pg_temp.upload('first', 'contacts', '[{"customer_id": "Nobodys", "full_name": "Satu"}, {"customer_id": "Nobodys", "full_name": "Dua"}]');
select is(pg_temp.process('first'), 'completed: 2 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'by id');
select is(
    (select string_agg(c.full_name, ' ' order by c.is_primary desc, 1) from api.contacts c where c.customer_id = 'Nobodys' and c.is_primary), 'Satu',
    'the first person of a customer is the one to ask for'
);
select is(
    tests.error_of(format('select api.process_import_customers(%s)', (select import_id from ids where name = 'first'))), 'PT409 import.other_module',
    'contacts are no customers'
);

-- What is found is found by keys: the company's, its people's

select pg_temp.upload('by contact', 'customers', jsonb_build_array(pg_temp.company('PT Nama Baru', '{"Email": "ani@SATU.test"}')));
select is(pg_temp.process('by contact'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a company under another name');
select is((select count(*) from api.customers c where c.company_name = 'PT Nama Baru'), 0::bigint, 'case 15: whose PIC is known is known');

-- Elsewhere

select tests.become('sa@beta.test');
select pg_temp.upload('beta', 'contacts', '[{"Customer": "PT Satu", "Name": "Ani"}]');
select is(pg_temp.process('beta'), 'failed: 0 success, 1 error, 0 skipped, 0 duplicate, 0 pending', 'another organisation knows none of them');
select tests.become('dir@alpha.test');
select is(tests.error_of(format('select api.process_import_contacts(%s)', (select import_id from ids where name = 'people'))), 'PT403 permission.denied', 'case 124: a director processes nothing');
select tests.become('mc@alpha.test');
select is(tests.error_of(format('select api.process_import_contacts(%s)', (select import_id from ids where name = 'people'))), 'PT404 import.not_found', 'case 125: others do not find it');

select * from finish();
rollback;
