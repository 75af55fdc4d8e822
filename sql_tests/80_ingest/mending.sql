-- A bad row is mended and tried again; rows and their import stay together; lists show each person their imports.
-- (spec: command_center §3.7, cases 116, 118, 125)

begin;
select plan(44);

create function pg_temp.row(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic of ' || p_company, 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
-- The import of a file with these rows, of which those with errors could not be read
create function pg_temp.upload(p_rows jsonb, p_errors text[] default null) returns bigint
language plpgsql
as $$
declare
    v_import_id bigint := (
        api.ingest_create_import(
            'leads', 'leads.csv', 'text/csv', 1, encode(sha256(convert_to(p_rows::text, 'UTF8')), 'hex'), 'import-files',
            md5(clock_timestamp()::text),
            array['company_name', 'pic_name', 'city_area', 'service_code', 'primary_channel', 'contact_phone', 'email']
        ) ->> 'import_id'
    )::bigint;
begin
    perform api.ingest_stage_rows(
        v_import_id, array_agg(r.position + 1 order by r.position), array_agg(r.value::text order by r.position), p_errors
    )
    from jsonb_array_elements(p_rows) with ordinality as r (value, position);
    perform api.ingest_finish_staging(v_import_id, jsonb_array_length(p_rows));
    return v_import_id;
end
$$;
create function pg_temp.counts(p_import jsonb) returns text
language sql
as $$
    select format(
        '%s: %s success, %s error, %s pending', p_import ->> 'status', p_import ->> 'success_rows', p_import ->> 'error_rows',
        p_import ->> 'pending_rows'
    )
$$;
create temporary table ids (name text primary key, import_id bigint);
grant all on ids to public;
create function pg_temp.id(p_name text) returns bigint
language sql
as $$ select i.import_id from ids i where i.name = p_name $$;

-- Five rows, two of them bad: one is mended (cases 116, 118)

select tests.become('mc@alpha.test');
insert into ids
select 'five', pg_temp.upload(jsonb_build_array(
    pg_temp.row('PT One'), pg_temp.row('PT Two', '{"email": "nobody"}'), pg_temp.row('PT Three'),
    pg_temp.row('PT Four', '{"service_code": "NONE"}'), pg_temp.row('PT Five')
));
select is(
    pg_temp.counts(api.process_import_leads(pg_temp.id('five'))), 'completed: 3 success, 2 error, 0 pending', 'case 116: 3 and 2'
);
select is(
    pg_temp.counts(api.retry_import(pg_temp.id('five'), '{"3": {"email": "two@mail.example"}}')),
    'processing: 3 success, 0 error, 2 pending', 'case 118: the bad rows are taken up again, one of them with a better e-mail'
);
select is(
    pg_temp.counts(api.process_import_leads(pg_temp.id('five'))), 'completed: 4 success, 1 error, 0 pending',
    'case 118: only the mended row is created; counters 4 and 1'
);
select results_eq(
    $$ select l.company_name, l.email from api.leads l order by 1 $$,
    $$
        select c, case c when 'PT Two' then 'two@mail.example' else left(md5(c), 12) || '@mail.example' end
        from unnest(array['PT Five', 'PT One', 'PT Three', 'PT Two']) c
    $$,
    'case 118: and no other row once more'
);
select is(
    (select r.row_data ->> 'email' from api.import_rows r where r.import_id = pg_temp.id('five') and r.row_no = 3),
    'two@mail.example', 'the row shows what it was mended to'
);
select tests.become('sa@alpha.test');
select results_eq(
    format(
        $$
            select a.changed_by, a.before_data -> 'row_data' ->> 'email', a.after_data -> 'row_data' ->> 'email'
            from api.audit_logs a
            where a.table_name = 'ingest.import_rows' and a.record_id = '%s/3'
        $$,
        pg_temp.id('five')
    ),
    format($$ values (%L::uuid, 'nobody', 'two@mail.example') $$, tap.uid('mc@alpha.test')),
    'case 118: the audit trail says who changed which cell, from what'
);
select tests.become('mc@alpha.test');

-- What can be mended

select results_eq(
    format(
        $$
            select unnest(tests.faults_of($q$
                select api.retry_import(
                    %s,
                    '{"2": {"email": "a@b.test"}, "99": {"email": "a@b.test"}, "x": {"email": "a@b.test"}, "5": {"colour": "red", "email": 5}}'
                )
            $q$)) order by 1
        $$,
        pg_temp.id('five')
    ),
    array[
        'rows.2 import.row.not_an_error', 'rows.5.colour import.row.unknown_column', 'rows.5.email request.string_type',
        'rows.99 import.row.not_an_error', 'rows.x import.row.not_an_error'
    ],
    'only rows that have errors, and only columns of the file; each fault is named'
);
select is(
    tests.faults_of(format($q$ select api.retry_import(%s, '[]') $q$, pg_temp.id('five'))), array['rows request.not_an_object'],
    'a list is refused'
);
select is(
    tests.faults_of(format($q$ select api.retry_import(%s, '{"5": {}}') $q$, pg_temp.id('five'))),
    array['rows.5 request.not_an_object'], 'and a row without any new cell'
);
select is(
    (select r.row_data ->> 'service_code' from api.import_rows r where r.import_id = pg_temp.id('five') and r.row_no = 5), 'NONE',
    'then nothing was changed'
);

-- Faults of the file itself

insert into ids
select 'faulty', pg_temp.upload(
    jsonb_build_array(
        pg_temp.row('PT Number'), pg_temp.row('PT Long', '{"_extra": ["too", "many"]}'), pg_temp.row('PT Short') - 'email',
        '{"_raw": "\"open"}'::jsonb, pg_temp.row('PT Other')
    ),
    array[
        '[{"field": "contact_phone", "code": "cell.number", "message": "-"}]', '[{"field": null, "code": "row.too_long", "message": "-"}]',
        '[{"field": null, "code": "row.too_short", "message": "-"}]', '[{"field": null, "code": "row.unreadable", "message": "-"}]', null
    ]
);
select is(
    pg_temp.counts(api.process_import_leads(pg_temp.id('faulty'))), 'completed: 1 success, 4 error, 0 pending', 'four rows are broken'
);
select is(
    pg_temp.counts(api.retry_import(pg_temp.id('faulty'), '{"2": {"city_area": "Bandung"}}')), 'completed: 1 success, 4 error, 0 pending',
    'to mend another cell than the faulty one is not enough'
);
select is(
    pg_temp.counts(api.retry_import(
        pg_temp.id('faulty'),
        jsonb_build_object(
            '2', '{"contact_phone": "0812000111"}'::jsonb, '3', '{"city_area": "Medan"}'::jsonb,
            '4', '{"email": "short@mail.example"}'::jsonb, '5', pg_temp.row('PT Raw')
        )
    )),
    'processing: 1 success, 0 error, 4 pending', 'a number that became text, a row with a cell for each column: these can be read'
);
select is(
    pg_temp.counts(api.process_import_leads(pg_temp.id('faulty'))), 'completed: 5 success, 0 error, 0 pending', 'and become leads'
);
select is_empty(
    format($$ select from api.import_rows where import_id = %s and row_data ?| array['_raw', '_extra'] $$, pg_temp.id('faulty')),
    'what was left over of them is gone'
);

-- The file of errors

select is(
    api.ingest_error_rows(pg_temp.id('five')) #- '{items,0,errors,0,message}',
    jsonb_build_object(
        'header', to_jsonb(array['company_name', 'pic_name', 'city_area', 'service_code', 'primary_channel', 'contact_phone', 'email']),
        'file_name', 'leads.csv',
        'items', jsonb_build_array(jsonb_build_object(
            'row_no', 5, 'row_data', pg_temp.row('PT Four', '{"service_code": "NONE"}'),
            'errors', '[{"field": "service_code", "code": "lead.service_code.unknown"}]'::jsonb
        ))
    ),
    'the rows that are still wrong, with their cells and reasons'
);
select is(api.ingest_error_rows(pg_temp.id('five'), 5) -> 'items', '[]', 'and none after the last');

-- The list

select is(
    api.ingest_list_imports() -> 'items' -> 0, api.ingest_get_import(pg_temp.id('faulty')), 'the newest import comes first, as it is shown'
);
select is(jsonb_array_length(api.ingest_list_imports() -> 'items'), 2, 'there are two');
select is(api.ingest_list_imports(p_limit => 1) -> 'next', jsonb_build_object('import_id', pg_temp.id('faulty')), 'page by page');
select is(
    api.ingest_list_imports(p_limit => 1, p_after => jsonb_build_object('import_id', pg_temp.id('faulty'))) -> 'items' -> 0 -> 'import_id',
    to_jsonb(pg_temp.id('five')), 'the next page goes on'
);
select is(
    api.ingest_list_imports(p_after => jsonb_build_object('import_id', pg_temp.id('five'))), '{"items": [], "next": null}', 'until the end'
);
select is(jsonb_array_length(api.ingest_list_imports(p_module => 'leads', p_status => 'completed') -> 'items'), 2, 'by module and status');
select is(jsonb_array_length(api.ingest_list_imports(p_status => 'failed') -> 'items'), 0, 'none has failed');
select tests.become('adm@alpha.test');
insert into ids select 'of adm', pg_temp.upload(jsonb_build_array(pg_temp.row('PT Adm')));
select is(
    (
        select jsonb_agg(i -> 'import_id')
        from jsonb_array_elements(api.ingest_list_imports(p_limit => 100) -> 'items') i
    ),
    jsonb_build_array(pg_temp.id('of adm')), 'case 125: others'' imports are not in it'
);
select is(
    tests.error_of(format('select api.ingest_error_rows(%s)', pg_temp.id('five'))), 'PT404 import.not_found', 'case 125: nor their errors'
);
select is(
    tests.error_of(format($$ select api.retry_import(%s, '{"5": {"email": "x@y.test"}}') $$, pg_temp.id('five'))), 'PT404 import.not_found',
    'case 125: nor can they be mended'
);
select tests.become('mm@alpha.test');
select is(jsonb_array_length(api.ingest_list_imports() -> 'items'), 3, 'case 125: a manager of the module sees all of it');
select is(
    jsonb_array_length(api.ingest_list_imports(p_module => 'leads', p_limit => 2) -> 'items'), 2, 'and pages of it'
);
select tests.become('dir@alpha.test');
select is(jsonb_array_length(api.ingest_list_imports() -> 'items'), 3, 'so does a director');
select tests.become('exi@alpha.test');
select is(tests.error_of('select api.ingest_list_imports()'), 'PT403 permission.denied', 'operations have none');
select tests.become('mm@beta.test');
select is(api.ingest_list_imports(), '{"items": [], "next": null}', 'another organisation has its own');
select tests.become_nobody();
select is(tests.error_of('select api.ingest_list_imports()'), 'PT401 auth.required', 'nobody has none');

-- Rows and their import

select tests.become_owner();
select is(
    tests.error_of($$
        insert into ingest.import_rows (org_id, import_id, row_no, row_data) values ('a0000000-0000-4000-8000-000000000000', 0, 1, '{}')
    $$),
    '23503', 'a row needs an import'
);
select is(
    tests.error_of(format(
        $$ insert into ingest.import_rows (org_id, import_id, row_no, row_data) values ('b0000000-0000-4000-8000-000000000000', %s, 1, '{}') $$,
        pg_temp.id('five')
    )),
    '23503', 'of its own organisation'
);
select is(
    tests.error_of(format(
        'insert into ingest.import_rows (org_id, import_id, row_no, row_data) '
        'select org_id, import_id + n * 1000000, 1000 + n, %L from ingest.imports cross join generate_series(0, 1) n where import_id = %s',
        '{}', pg_temp.id('five')
    )),
    '23503', 'every one of many'
);
select is(
    tests.error_of(format('update ingest.import_rows set import_id = %s where import_id = %s', pg_temp.id('of adm'), pg_temp.id('five'))),
    '23503', 'and stays there'
);
select is(
    (select array_agg(i.staged_rows = (
        select count(*) from ingest.import_rows r where r.org_id = i.org_id and r.import_id = i.import_id
    )) from ingest.imports i where i.import_id in (select import_id from ids)),
    array[true, true, true], 'as many rows are staged as are counted'
);
delete from app.files where import_id = pg_temp.id('of adm');
delete from ingest.imports where import_id = pg_temp.id('of adm');
select is_empty(
    format('select from ingest.import_rows where import_id = %s', pg_temp.id('of adm')), 'an import that is removed takes its rows along'
);
select isnt_empty(
    format('select from ingest.import_rows where import_id = %s', pg_temp.id('five')), 'and no others'
);

-- Staging again what is there

select tests.become('mc@alpha.test');
insert into ids
select 'again', (
    api.ingest_create_import('leads', 'a.csv', 'text/csv', 1, repeat('d', 64), 'import-files', 'again', array['email']) ->> 'import_id'
)::bigint;
select is(
    api.ingest_stage_rows(pg_temp.id('again'), array[2, 3]::bigint[], array['{"email": "1"}', '{"email": "2"}'], null), '{"staged": 2}',
    'a batch without any fault'
);
select is(
    api.ingest_stage_rows(
        pg_temp.id('again'), array[3, 4, 5]::bigint[], array['{"email": "x"}', '{"email": "3"}', '{"email": "4"}'],
        array['[]', null, '[{"field": null, "code": "row.too_long", "message": "-"}]']
    ),
    '{"staged": 2}', 'of a batch that overlaps only what is new is taken'
);
select is(
    pg_temp.counts(api.ingest_finish_staging(pg_temp.id('again'), 4)), 'uploaded: 0 success, 1 error, 3 pending',
    'rows and faults are counted once'
);
select is(
    (select array_agg(r.row_data ->> 'email' order by r.row_no) from api.import_rows r where r.import_id = pg_temp.id('again')),
    array['1', '2', '3', '4'], 'rows that were there stay as they were'
);

select * from finish();
rollback;
