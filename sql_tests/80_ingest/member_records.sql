-- A file of members becomes a database: every row a record, every value kept, nothing twice, nothing lost.

begin;
select plan(36);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create function pg_temp.options(p_product text, p_module text default 'member_wd', p_name text default 'list') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'record_module', p_module, 'name', p_name,
        'product_id', (select p.product_id from api.products p where p.name = p_product)
    )
$$;
-- Registers, stages and closes a file whose first row is line 2; the rows are texts by column.
create function pg_temp.upload(p_header text[], p_rows jsonb, p_options jsonb, p_file text default 'members.csv') returns bigint
language plpgsql
as $$
declare
    v_import jsonb := api.ingest_create_import(
        'member_records', p_file, 'text/csv', 1, encode(sha256(convert_to(p_rows::text || p_file, 'UTF8')), 'hex'), 'import-files',
        gen_random_uuid()::text, p_header, null, p_options
    );
begin
    perform api.ingest_stage_rows(
        (v_import ->> 'import_id')::bigint, array_agg(r.position + 1 order by r.position), array_agg(r.value::text order by r.position),
        array_agg(null::text)
    )
    from jsonb_array_elements(p_rows) with ordinality as r (value, position);
    perform api.ingest_finish_staging((v_import ->> 'import_id')::bigint, jsonb_array_length(p_rows));
    return (v_import ->> 'import_id')::bigint;
end
$$;
create function pg_temp.process(p_import_id bigint, p_limit integer default 1000) returns text
language sql
as $$
    select format(
        '%s: %s = %s success, %s error, %s skipped, %s duplicate, %s pending', i ->> 'status', i ->> 'total_rows',
        i ->> 'success_rows', i ->> 'error_rows', i ->> 'skipped_rows', i ->> 'duplicate_rows', i ->> 'pending_rows'
    )
    from api.process_import_member_records(p_import_id, p_limit) i
$$;
create function pg_temp.members(p_from integer, p_to integer, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_agg(
        jsonb_build_object('username', 'user' || n, 'name', 'Name ' || n, 'telpon', 'wa.me/62840' || n, 'rekening', '''00' || n) || p_more
        order by n
    )
    from generate_series(p_from, p_to) n
$$;
create temporary table ids (name text primary key, id bigint);
grant all on ids to public;
create function pg_temp.id(p_name text) returns bigint
language sql
as $$ select i.id from pg_temp.ids i where i.name = p_name $$;

select tests.become('adm@alpha.test');
select lives_ok($$ select api.members_create_product(jsonb_build_object('name', p)) from unnest(array['P1', 'P2']) p $$, 'two products');

-- Options (case 13)

select is(
    tests.error_of($$ select pg_temp.upload('{username}', pg_temp.members(1, 1), '{"record_module": "member_wd", "name": "x", "product_id": 999999}') $$),
    'PT404 product.not_found', 'case 13: an unknown product'
);
select is(
    tests.faults_of($$ select pg_temp.upload('{username}', pg_temp.members(1, 1), '{"record_module": "member_wd"}') $$),
    array['name member_records.name.required', 'product_id member_records.product_id.required'], 'case 13: no product, no name'
);
select is(
    tests.faults_of($$ select pg_temp.upload('{username}', pg_temp.members(1, 1), pg_temp.options('P1', 'nothing')) $$),
    array['record_module records.module.unknown'], 'an unknown record module'
);
select is((select count(*) from api.imports), 0::bigint, 'case 13: nothing was registered');

-- 150 rows (case 14)

insert into ids
select 'liga', pg_temp.upload(
    '{username,name,telpon,rekening}', pg_temp.members(1, 150), pg_temp.options('P1', 'member_wd', 'Liga')
);
select is((select count(*) from api.databases), 0::bigint, 'before its rows are processed there is no database');
select is(pg_temp.process(pg_temp.id('liga'), 100), 'processing: 150 = 100 success, 0 error, 0 skipped, 0 duplicate, 50 pending', 'case 14: in chunks');
select is(pg_temp.process(pg_temp.id('liga'), 100), 'completed: 150 = 150 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'case 14: all of it');
select is(pg_temp.process(pg_temp.id('liga')), 'completed: 150 = 150 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'case 117: once more changes nothing');
select results_eq(
    $$
        select d.name, d.product_name, d.columns, d.key_column, d.name_column, d.phone_column, count(*), min(r.row_number), max(r.row_number),
            count(distinct r.row_number), string_agg(distinct r.status, ' ')
        from api.databases d
        join api.records r using (database_id)
        group by 1, 2, 3, 4, 5, 6
    $$,
    $$ values ('Liga', 'P1', '{username,name,telpon,rekening}'::text[], 'username', 'name', 'telpon', 150::bigint, 1::bigint, 150::bigint, 150::bigint, 'available') $$,
    'case 14: 150 available records, row_number 1 to 150; §3.5: the known columns are known'
);
select results_eq(
    $$ select row_data, customer_id, customer_name, phone from api.records where row_number = 7 $$,
    $$
        values ('{"username": "user7", "name": "Name 7", "telpon": "wa.me/628407", "rekening": "''007"}'::jsonb, 'user7', 'Name 7', 'wa.me/628407')
    $$,
    'case 14: all four columns as they were, leading zeros and apostrophe too'
);
select results_eq(
    format($$ select status, target_table, count(*), count(distinct target_id) from api.import_rows where import_id = %s group by 1, 2 $$, pg_temp.id('liga')),
    $$ values ('success', 'members.records', 150::bigint, 150::bigint) $$, 'each row says which record came of it'
);

select is(api.members_get_upload(pg_temp.id('liga')) -> 'warnings', '[]', '§6: its header is known');
insert into ids
select 'headless', pg_temp.upload(
    '{budi01,Budi,wa.me/62811}', '[{"budi01": "ani02", "Budi": "Ani", "wa.me/62811": "wa.me/62812"}]', pg_temp.options('P1', 'bonanza', 'No header')
);
select is(api.members_get_upload(pg_temp.id('headless')) -> 'warnings', '["header.unknown"]', '§6: a first line that knows no column is perhaps no header');
reset role;
create temporary table headers (name text primary key, column_name text);
grant select on headers to public;
insert into headers
select n, 'username'
from unnest('{username,user_name,user,id,userid,user_id,customer_id,member,account,id_customer,member_id,no_member}'::text[]) n
union all
select n, 'phone'
from unnest('{telpon,telepon,telp,no_telp,phone,phone_number,telephone,no_hp,"no hp",hp,nomor,whatsapp,wa}'::text[]) n
union all
select n, 'name' from unnest('{name,nama,customer_name,customer,full_name,fullname,nama_lengkap}'::text[]) n;
select tests.become('adm@alpha.test');
insert into ids
select
    h.name,
    pg_temp.upload(
        array[h.name, 'other'], jsonb_build_array(jsonb_build_object(h.name, 'value of ' || h.name)),
        pg_temp.options('P2', (array['normal', 'member_wd', 'bonanza'])[1 + length(h.name) % 3], h.name)
    )
from headers h;
select is(
    (
        select array_agg(h.name)
        from headers h
        join ids d on d.name = h.name
        join api.imports i on i.import_id = d.id
        where i.mapping ->> h.name is distinct from h.column_name
    ), null, '§3.5, LD-3: one list of names of columns, whatever the module'
);

-- Blanks, whole floats, blanks around (case 15)

insert into ids
select 'odd', pg_temp.upload(
    '{Name,Email,Age}',
    '[{"Name": " Ana ", "Email": "", "Age": "25.0"}, {"Name": "Budi", "Age": "7.50"}, {"Name": "C", "Email": "0012.00", "Age": "-3.0"},
      {"Name": " ", "Email": "\t", "Age": ""}]',
    pg_temp.options('P1', 'member_wd', 'Odd')
);
select is(pg_temp.process(pg_temp.id('odd')), 'completed: 4 = 3 success, 1 error, 0 skipped, 0 duplicate, 0 pending', 'a row without any value is an error');
select is(
    (select r.errors from api.import_rows r where r.import_id = pg_temp.id('odd') and r.status = 'error'),
    '[{"field": null, "code": "member_records.row.blank", "message": "has no value"}]', 'and says so'
);
select results_eq(
    $$ select r.row_data from api.records r join api.databases d using (database_id) where d.name = 'Odd' order by r.row_number $$,
    $$
        values ('{"Name": "Ana", "Email": "", "Age": "25"}'::jsonb), ('{"Name": "Budi", "Email": "", "Age": "7.50"}'),
            ('{"Name": "C", "Email": "0012", "Age": "-3"}')
    $$,
    'case 15: a blank cell is '''', 25.0 is 25, everything else as typed'
);
select results_eq(
    $$ select r.customer_id, r.customer_name from api.records r join api.databases d using (database_id) where d.name = 'Odd' and r.row_number = 1 $$,
    $$ values (null::text, 'Ana') $$, '§3.5: a name is no key; without a key column there is none'
);

-- Reserved (case 16)

select tests.become_owner();
select members.add_reservation(
    'a0000000-0000-4000-8000-000000000000', (select product_id from members.products where name = 'P2'), c, tap.uid('stf@alpha.test'), null, true
)
from unnest(array['USER201', ' wa.me/62840202', '''00203']) c;
select tests.become('adm@alpha.test');
insert into ids select 'reserved', pg_temp.upload('{username,name,telpon,rekening}', pg_temp.members(201, 205), pg_temp.options('P1', 'member_wd', 'Reserved'));
select is(pg_temp.process(pg_temp.id('reserved')), 'completed: 5 = 5 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'case 16: reserved customers are imported');
select is(
    (select u - '{import,id,product_id,columns}'::text[] from api.members_get_upload(pg_temp.id('reserved')) u),
    '{"name": "Reserved", "product_name": "P1", "total_records": 5, "reserved_count": 3, "warnings": []}',
    'case 16: and excluded, in any column and any case of letters; the upload says how many'
);

-- The same row again (decisions §5.10)

insert into ids
select 'again', pg_temp.upload(
    '{username,name,telpon,rekening}',
    pg_temp.members(149, 152) || pg_temp.members(151, 151) || pg_temp.members(152, 152, '{"username": " USER152 "}'),
    pg_temp.options('P1', 'member_wd', 'Again')
);
select is(pg_temp.process(pg_temp.id('again'), 3), 'processing: 6 = 1 success, 0 error, 2 skipped, 0 duplicate, 3 pending', 'rows that an earlier file brought are skipped');
select is(pg_temp.process(pg_temp.id('again'), 3), 'completed: 6 = 2 success, 0 error, 2 skipped, 2 duplicate, 0 pending', 'rows that stand earlier in the file are duplicates, however they are written');
select results_eq(
    format($$ select row_no, status, errors -> 0 ->> 'code', errors -> 0 ->> 'message' from api.import_rows where import_id = %s order by 1 $$, pg_temp.id('again')),
    $$
        values (2::bigint, 'skipped', 'import.row.unchanged', 'was imported before'), (3, 'skipped', 'import.row.unchanged', 'was imported before'),
            (4, 'success', null, null), (5, 'success', null, null), (6, 'duplicate', 'import.row.duplicate', 'is the same as line 4'),
            (7, 'duplicate', 'import.row.duplicate', 'is the same as line 5')
    $$,
    'each with its reason'
);
insert into ids select 'other product', pg_temp.upload('{username,name,telpon,rekening}', pg_temp.members(1, 3), pg_temp.options('P2', 'member_wd', 'Other'));
select is(pg_temp.process(pg_temp.id('other product')), 'completed: 3 = 3 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'of another product they are other records');
insert into ids select 'other module', pg_temp.upload('{username,name,telpon,rekening}', pg_temp.members(1, 3), pg_temp.options('P1', 'bonanza', 'Other'));
select is(pg_temp.process(pg_temp.id('other module')), 'completed: 3 = 3 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'case 111: of another module, too');
select isnt(pg_temp.id('other product'), pg_temp.id('other module'), 'the same file for another target is another import');
select is(
    (api.ingest_create_import(
        'member_records', 'members.csv', 'text/csv', 1, encode(sha256(convert_to(pg_temp.members(1, 3)::text || 'members.csv', 'UTF8')), 'hex'),
        'import-files', 'x', '{username,name,telpon,rekening}', null, pg_temp.options('P1', 'bonanza', 'Renamed')
    ) ->> 'duplicate_of')::bigint,
    pg_temp.id('other module'), 'case 119: for the same target it is the import that it was'
);

-- Nothing new: no empty list (and a deleted database frees its rows)

insert into ids select 'nothing', pg_temp.upload('{username,name,telpon,rekening}', pg_temp.members(1, 2), pg_temp.options('P1', 'member_wd', 'Nothing'), 'nothing.csv');
select is(pg_temp.process(pg_temp.id('nothing')), 'completed: 2 = 0 success, 0 error, 2 skipped, 0 duplicate, 0 pending', 'all known');
select is((select count(*) from api.databases where name = 'Nothing'), 0::bigint, 'no list without a member is left');
select lives_ok(
    $$ select api.members_delete_database('member_wd', d.database_id) from api.databases d where d.name = 'Liga' $$, 'the first list is deleted'
);
insert into ids select 'new', pg_temp.upload('{username,name,telpon,rekening}', pg_temp.members(1, 2), pg_temp.options('P1', 'member_wd', 'New'), 'new.csv');
select is(pg_temp.process(pg_temp.id('new')), 'completed: 2 = 2 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'then its rows are new again');

-- A value that no index could hold is a record like any other

insert into ids
select 'long', pg_temp.upload(
    '{username,note}', jsonb_build_array(jsonb_build_object('username', 'long', 'note', repeat('x', 1000000))), pg_temp.options('P1', 'member_wd', 'Long')
);
select is(pg_temp.process(pg_temp.id('long')), 'completed: 1 = 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a cell of a million characters');

-- Who may (cases 124, 125)

select tests.become('mad@alpha.test');
select lives_ok(format('select api.process_import_member_records(%s)', pg_temp.id('long')), 'case 125: master admins manage others'' files');
select tests.become('sm@alpha.test');
select is(
    tests.error_of($$ select pg_temp.upload('{username}', pg_temp.members(1, 1), pg_temp.options('P1')) $$), 'PT403 permission.denied',
    'decisions §5.3: a sales manager uploads no members'
);
select tests.become('adm@beta.test');
select is(
    tests.error_of(format('select api.process_import_member_records(%s)', pg_temp.id('liga'))), 'PT404 import.not_found',
    'case 125: another organisation''s import is not there'
);

select * from finish();
rollback;
