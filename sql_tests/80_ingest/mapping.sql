-- Which column of a file is which of ours: by name, by synonym, as somebody says, as somebody has saved; and what else is
-- told about a file. (design §7; spec: command_center §3.7, case 119)

begin;
select plan(32);

create function pg_temp.register(
    p_header text[], p_mapping jsonb default null, p_save boolean default false, p_file text default null,
    p_options jsonb default '{}'
) returns jsonb
language sql
as $$
    select api.ingest_create_import(
        'leads', 'leads.csv', 'text/csv', 1,
        encode(sha256(convert_to(coalesce(p_file, clock_timestamp()::text), 'UTF8')), 'hex'),
        'import-files', md5(clock_timestamp()::text), p_header, p_mapping, p_options,
        '{"encoding": "Windows-1252", "delimiter": ";"}', p_save
    )
$$;

-- Names and synonyms

select is(ingest.fold_name(f.written), f.folded, format('%L is %s', f.written, f.folded))
from (values ('No. HP', 'no_hp'), (' E-Mail * ', 'e_mail'), ('COMPANY_NAME', 'company_name'), ('Kota/Kabupaten', 'kota_kabupaten')) as f (written, folded);

select tests.become('mc@alpha.test');
select is(
    pg_temp.register(array['Nama Perusahaan', 'Nama PIC', 'No. HP', 'E-Mail', 'Kota', 'Jenis Layanan', 'Sumber', 'No NPWP', 'Catatan'])
        -> 'mapping',
    '{
        "Nama Perusahaan": "company_name", "Nama PIC": "pic_name", "No. HP": "contact_phone", "E-Mail": "email",
        "Kota": "city_area", "Jenis Layanan": "service_code", "Sumber": "primary_channel", "No NPWP": "npwp", "Catatan": "notes"
    }',
    'Indonesian names are understood'
);
select is(
    pg_temp.register(array['Company', 'Contact Person', 'Mobile', 'e-mail address', 'City', 'Service', 'Lead Source']) -> 'mapping',
    '{
        "Company": "company_name", "Contact Person": "pic_name", "Mobile": "contact_phone", "e-mail address": "email",
        "City": "city_area", "Service": "service_code", "Lead Source": "primary_channel"
    }',
    'so are English ones'
);
select is(
    pg_temp.register(array['Phone', 'contact phone', 'Telepon']) -> 'mapping', '{"contact phone": "contact_phone"}',
    'our own name wins over synonyms'
);
select is(
    pg_temp.register(array['Phone', 'Telepon']) -> 'mapping', '{"Phone": "contact_phone"}', 'of two synonyms the first counts'
);
select is(
    pg_temp.register(array['Phone', 'Telepon']) -> 'ignored_columns', '["Telepon"]', 'and the other is said to be ignored'
);
select is(
    pg_temp.register(array['Company', 'Phone', 'Tax ID', 'Notes']) -> 'digit_columns', '["Phone", "Tax ID"]',
    'columns whose digits count are known: numbers in them are refused'
);
select is_empty(
    $$
        select s.synonym
        from ingest.column_synonyms s
        where s.synonym <> ingest.fold_name(s.synonym)
           or exists (select from ingest.import_columns c where c.module = s.module and c.column_name = s.synonym)
    $$,
    'every synonym is spelled as headers are, and is none of our own names'
);

-- As somebody says

select is(
    pg_temp.register(array['A', 'B', 'Email', 'Notes'], '{"A": "company_name", "Email": "notes", "Notes": ""}') -> 'mapping',
    '{"A": "company_name", "Email": "notes"}',
    'what is said counts, what is emptied is ignored, a column that is spoken for is not guessed'
);
select is(
    pg_temp.register(array['A', 'City', 'Email'], '{"A": "email", "Email": null}') -> 'mapping',
    '{"A": "email", "City": "city_area"}',
    'what is not mentioned is found by name'
);
select results_eq(
    $$
        select unnest(tests.faults_of($q$
            select pg_temp.register(
                array['A', 'B', 'C'], '{"A": "favourite_colour", "B": "email", "C": "email", "D": "notes", "": 7}'
            )
        $q$)) order by 1
    $$,
    array[
        'mapping. import.mapping.unknown_column', 'mapping. import.mapping.unknown_header', 'mapping.A import.mapping.unknown_column',
        'mapping.B import.mapping.duplicate_column', 'mapping.C import.mapping.duplicate_column',
        'mapping.D import.mapping.unknown_header'
    ],
    'every fault of a mapping is named: unknown column, unknown header, two headers for one column'
);
select is(
    tests.faults_of($$ select pg_temp.register(array['A'], '["A"]') $$), array['mapping import.mapping.type'],
    'a list is no mapping'
);
select is((select count(*) from api.imports i where i.header = array['A', 'B', 'C']), 0::bigint, 'nothing is kept of these');

-- As somebody has saved

select is(
    pg_temp.register(array['X', 'Y', 'City'], '{"X": "company_name", "Y": "email", "City": ""}', true) -> 'mapping',
    '{"X": "company_name", "Y": "email"}', 'a mapping that is to be kept'
);
select is(
    pg_temp.register(array['City', 'Y', 'X']) -> 'mapping', '{"X": "company_name", "Y": "email"}',
    'is the next file''s with these columns, in whatever order'
);
select is(
    pg_temp.register(array['City', 'Y', 'X', 'Z']) -> 'mapping', '{"City": "city_area"}', 'and no file''s with other columns'
);
select is(
    pg_temp.register(array['X', 'Y', 'City'], '{"X": "notes"}') -> 'mapping', '{"X": "notes", "City": "city_area"}',
    'what is said now counts more'
);
select is(
    pg_temp.register(array['X', 'Y', 'City'], '{"X": "pic_name"}', true) -> 'mapping', '{"X": "pic_name", "City": "city_area"}',
    'a mapping can be saved again'
);
select is(
    pg_temp.register(array['X', 'Y', 'City']) -> 'mapping', '{"X": "pic_name", "City": "city_area"}', 'then the later one counts'
);
select is((select count(*) from ingest.saved_mappings), 1::bigint, 'there is one for each header');
select tests.become('dgo@alpha.test');
select is(pg_temp.register(array['X', 'Y', 'City']) -> 'mapping', '{"City": "city_area"}', 'what one person saved is no other''s');
select is_empty('select from ingest.saved_mappings', 'nor can another read it');
select tests.become_owner();
update ingest.saved_mappings set mapping = '{"X": "gone_column", "Y": "email", "City": null}';
select tests.become('mc@alpha.test');
select is(
    pg_temp.register(array['X', 'Y', 'City']) -> 'mapping', '{"Y": "email"}', 'a column that is gone since is not kept up'
);

-- The same file (case 119)

select is(
    pg_temp.register(array['A', 'City'], '{"A": "email"}', false, 'same') -> 'duplicate_of', 'null', 'a file with a mapping'
);
select isnt(
    pg_temp.register(array['A', 'City'], '{"A": "email"}', false, 'same') -> 'duplicate_of', 'null',
    'case 119: the same file with the same mapping is that import'
);
select isnt(
    pg_temp.register(array['A', 'City'], null, false, 'same') -> 'duplicate_of', 'null', 'case 119: without any mapping, too'
);
select is(
    tests.error_of($$ select pg_temp.register(array['A', 'City'], '{"A": "notes"}', false, 'same') $$),
    'PT409 import.mapping.differs', 'case 119: another mapping is not silently ignored'
);

-- Options, and how the file was read

select is(
    tests.faults_of($$ select pg_temp.register(array['A'], null, false, null, '{"product_id": 1}') $$),
    array['options.product_id request.extra_forbidden'], 'an option that the module does not know is refused'
);
select is(
    tests.faults_of($$ select pg_temp.register(array['A'], null, false, null, '[]') $$),
    array['options request.not_an_object'], 'a list is no options'
);

select * from finish();
rollback;
