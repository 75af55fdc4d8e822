-- A file of leads: every row staged, every row ends in one state with its reasons, nothing twice, nothing lost.

begin;
select plan(66);

\ir _leads.psql
insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');

-- Five rows, two of them bad (case 116)

select tests.become('mc@alpha.test');
insert into ids
select 'five', pg_temp.upload(jsonb_build_array(
    pg_temp.row('PT One', '{"npwp": "012345678901000"}'), pg_temp.row('PT Two', '{"email": "nobody"}'), pg_temp.row('PT Three'),
    pg_temp.row('PT Four', '{"service_code": "NONE", "pic_name": "  "}'), pg_temp.row('PT Five')
));
select is(
    pg_temp.counts(api.ingest_get_import(pg_temp.id('five'))),
    'uploaded: 5 = 0 success, 0 error, 0 skipped, 0 duplicate, 5 pending',
    'P31: every row is staged before anything is made of it'
);
select is((select count(*) from api.import_rows r where r.status = 'pending'), 5::bigint, 'P31: the good ones too');
select is(
    pg_temp.process(pg_temp.id('five')), 'completed: 5 = 3 success, 2 error, 0 skipped, 0 duplicate, 0 pending',
    'case 116, P32: marketing staff import; 3 succeed, 2 fail, the import is complete'
);
select results_eq(
    $$
        select row_no, status, (select string_agg(e ->> 'code', ' ' order by e ->> 'code') from jsonb_array_elements(errors) e), target_table
        from api.import_rows
        order by row_no
    $$,
    $$
        values
            (2::bigint, 'success', null, 'crm.leads'), (3, 'error', 'lead.email.format', null), (4, 'success', null, 'crm.leads'),
            (5, 'error', 'lead.pic_name.required lead.service_code.unknown', null), (6, 'success', null, 'crm.leads')
    $$,
    'case 116: each bad row says everything that is wrong with it, each good one what was made'
);
select is(
    (select r.errors from api.import_rows r where r.row_no = 3),
    '[{"field": "email", "code": "lead.email.format", "message": "must be an e-mail address"}]',
    'case 116: field, code and words for people'
);
select results_eq(
    $$
        select l.company_name, l.customer_id is not null, l.prospect_id is not null, l.created_by, l.sourced_by, l.source_import_id
        from api.leads l
        order by 1
    $$,
    format(
        $$
            select c, true, true, %L::uuid, 'Marketing', %s::bigint from unnest(array['PT Five', 'PT One', 'PT Three']) c
        $$,
        tap.uid('mc@alpha.test'), pg_temp.id('five')
    ),
    'case 122, P31: every lead has customer and prospect and is the uploader''s'
);
select is((select count(*) from api.customers), 3::bigint, 'case 122: the customers are new');
select is((select count(*) from api.contacts c where c.is_primary), 3::bigint, 'with their PICs');

-- Again and again (cases 117, 119)

select is(
    pg_temp.process(pg_temp.id('five')), 'completed: 5 = 3 success, 2 error, 0 skipped, 0 duplicate, 0 pending',
    'case 117: processing again changes nothing'
);
select is((select count(*) from api.leads), 3::bigint, 'case 117, P31: and makes nothing');
select is(
    pg_temp.register(jsonb_build_array(
        pg_temp.row('PT One', '{"npwp": "012345678901000"}'), pg_temp.row('PT Two', '{"email": "nobody"}'), pg_temp.row('PT Three'),
        pg_temp.row('PT Four', '{"service_code": "NONE", "pic_name": "  "}'), pg_temp.row('PT Five')
    )) ->> 'duplicate_of',
    pg_temp.id('five')::text,
    'case 119: the same file again is the import that it was'
);
select is((select count(*) from api.imports), 1::bigint, 'case 119: not another one');

-- A corrected copy: what was imported is skipped, what was wrong comes in

insert into ids
select 'corrected', pg_temp.upload(jsonb_build_array(
    pg_temp.row('PT. ONE ', '{"npwp": "01.234.567.8-901.000"}')
        || jsonb_build_object('email', upper(pg_temp.row('PT One') ->> 'email'), 'pic_name', 'Pic of PT One',
            'contact_phone', '+62' || substr(pg_temp.row('PT One') ->> 'contact_phone', 2)),
    pg_temp.row('PT Two'), pg_temp.row('PT Three'), pg_temp.row('PT Four'), pg_temp.row('PT Five')
));
select is(
    pg_temp.process(pg_temp.id('corrected')), 'completed: 5 = 2 success, 0 error, 3 skipped, 0 duplicate, 0 pending',
    'rows that an earlier file brought in are skipped, however they are written'
);
select results_eq(
    format($$ select distinct errors -> 0 ->> 'code' from api.import_rows where import_id = %s and status = 'skipped' $$, pg_temp.id('corrected')),
    array['import.row.unchanged'],
    'and say why'
);
select is((select count(*) from api.leads), 5::bigint, 'five leads now');

-- Doubles inside a file

insert into ids
select 'doubles', pg_temp.upload(jsonb_build_array(
    pg_temp.row('PT Six'), pg_temp.row('pt  six'), pg_temp.row('PT Six', '{"notes": "another request"}'), pg_temp.row('PT Six')
        || '{"city_area": " Jakarta "}'
) || jsonb_build_array(
    -- the same as the first row but for its spelling
    pg_temp.row('PT Six') || jsonb_build_object('company_name', 'PT. SIX')
));
select is(
    pg_temp.process(pg_temp.id('doubles')), 'completed: 5 = 3 success, 0 error, 0 skipped, 2 duplicate, 0 pending',
    'the same row twice in a file is one lead; another request of the same company is another'
);
select results_eq(
    format(
        $$ select row_no, status, errors -> 0 ->> 'message' from api.import_rows where import_id = %s order by 1 $$, pg_temp.id('doubles')
    ),
    $$
        values
            (2::bigint, 'success', null), (3, 'success', null), (4, 'success', null),
            (5, 'duplicate', 'is the same as line 2'), (6, 'duplicate', 'is the same as line 2')
    $$,
    'a duplicate says of which line'
);
select is(
    (select count(*) from api.customers c where c.company_name ~* 'six'), 1::bigint, 'and all of it is one customer'
);

-- In chunks

insert into ids
select 'chunks', pg_temp.upload((
    select jsonb_agg(
        pg_temp.row(
            'PT Chunk ' || n % 40,
            jsonb_build_object('notes', n::text) || case when n % 25 = 0 then '{"email": "bad"}'::jsonb else '{}' end
        )
    )
    from generate_series(1, 100) n
));
select is(
    pg_temp.process(pg_temp.id('chunks'), 30), 'processing: 100 = 29 success, 1 error, 0 skipped, 0 duplicate, 70 pending',
    'a call takes a chunk'
);
select is(
    pg_temp.process(pg_temp.id('chunks'), 30), 'processing: 100 = 58 success, 2 error, 0 skipped, 0 duplicate, 40 pending', 'the next'
);
select is(
    pg_temp.process(pg_temp.id('chunks'), 1000), 'completed: 100 = 96 success, 4 error, 0 skipped, 0 duplicate, 0 pending', 'the rest'
);
select is(
    (select count(*) from api.customers c where c.company_name like 'PT Chunk%'), 40::bigint, 'of forty companies, across chunks'
);
select is(
    (select count(*) from api.leads l where l.company_name like 'PT Chunk%'), 96::bigint, 'ninety-six leads'
);
select is_empty(
    $$ select source_row_no, count(*) from crm.leads where source_import_id is not null group by source_import_id, source_row_no having count(*) > 1 $$,
    'P31: no row of a file makes two'
);

-- Retry (case 118)

select tests.become_owner();
insert into crm.services (org_id, service_code, service_name, owner_dept, scope_group)
values ('a0000000-0000-4000-8000-000000000000', 'NONE', 'Late service', 'EXI', 'EXIM');
select tests.become('mc@alpha.test');
insert into ids
select 'late', pg_temp.upload(jsonb_build_array(
    pg_temp.row('PT Late', '{"service_code": "LATER"}'), pg_temp.row('PT Bad', '{"email": "bad"}'), pg_temp.row('PT Good')
));
select is(
    pg_temp.process(pg_temp.id('late')), 'completed: 3 = 1 success, 2 error, 0 skipped, 0 duplicate, 0 pending', 'two rows fail'
);
select tests.become_owner();
update crm.services set service_code = 'LATER' where service_code = 'NONE';
select tests.become('mc@alpha.test');
select is(
    pg_temp.counts(api.retry_import(pg_temp.id('late'))), 'processing: 3 = 1 success, 0 error, 0 skipped, 0 duplicate, 2 pending',
    'case 118: a retry takes up the rows that failed, and only them'
);
select is(
    pg_temp.process(pg_temp.id('late')), 'completed: 3 = 2 success, 1 error, 0 skipped, 0 duplicate, 0 pending',
    'case 118: what can be made by now is made'
);
select is(
    (select count(*) from api.leads l where l.company_name in ('PT Late', 'PT Good')), 2::bigint, 'case 118: once'
);
select is(api.ingest_get_import(pg_temp.id('late')) ->> 'attempt', '2', 'the import says that it was the second attempt');

-- All bad (case 120)

insert into ids
select 'bad', pg_temp.upload(jsonb_build_array(pg_temp.row('PT B1', '{"email": "b"}'), pg_temp.row('', '{}')));
select is(
    pg_temp.process(pg_temp.id('bad')), 'failed: 2 = 0 success, 2 error, 0 skipped, 0 duplicate, 0 pending',
    'case 120: a file of which nothing came has failed'
);
select is(
    pg_temp.register(jsonb_build_array(pg_temp.row('PT B1', '{"email": "b"}'), pg_temp.row('', '{}'))) -> 'duplicate_of', 'null',
    'case 119: and may be uploaded again'
);
select is(
    tests.error_of(format('select api.retry_import(%s)', pg_temp.id('bad'))), 'PT409 import.superseded',
    'then it is the later one that goes on'
);

-- Faults of the file itself stay where they are

insert into ids select 'faulty', (pg_temp.register(jsonb_build_array(pg_temp.row('PT F'))) ->> 'import_id')::bigint;
select is(
    api.ingest_stage_rows(
        pg_temp.id('faulty'), array[2, 3, 4]::bigint[], array[pg_temp.row('PT Readable')::text, null, '{"company_name": "cut"}'],
        array[
            null, '[{"field": null, "code": "file.row.columns", "message": "has too many cells"}]',
            '[{"field": null, "code": "file.row.nul", "message": "holds a NUL"}]'
        ]
    ),
    '{"staged": 3}',
    'a row that cannot be read is staged with its fault'
);
select is(
    api.ingest_stage_rows(pg_temp.id('faulty'), array[2, 5]::bigint[], array['{"company_name": "other"}', '{}'], array[null, null]),
    '{"staged": 1}',
    'a batch that comes twice is there once'
);
select is(
    tests.error_of(format('select api.ingest_finish_staging(%s, 5)', pg_temp.id('faulty'))), 'PT409 import.rows_missing',
    'staging does not end before every row is there'
);
select is(
    tests.error_of(format('select api.process_import_leads(%s)', pg_temp.id('faulty'))), 'PT409 import.not_staged',
    'nor does processing begin'
);
select is(
    pg_temp.counts(api.ingest_finish_staging(pg_temp.id('faulty'), 4)),
    'uploaded: 4 = 0 success, 2 error, 0 skipped, 0 duplicate, 2 pending',
    'faulty rows count as errors from the start'
);
select is(
    tests.error_of(format('select api.ingest_stage_rows(%s, %L, %L, %L)', pg_temp.id('faulty'), '{9}', '{"{}"}', '{null}')),
    'PT409 import.already_staged',
    'no row is added afterwards'
);
select is(
    pg_temp.process(pg_temp.id('faulty')), 'completed: 4 = 1 success, 3 error, 0 skipped, 0 duplicate, 0 pending', 'the readable ones are read'
);
select is(
    pg_temp.counts(api.retry_import(pg_temp.id('faulty'))), 'processing: 4 = 1 success, 2 error, 0 skipped, 0 duplicate, 1 pending',
    'and a retry leaves the unreadable ones alone'
);

-- Columns

insert into ids
select 'names', (
    api.ingest_create_import(
        'leads', 'n.csv', 'text/csv', 1, repeat('e', 64), 'import-files', 'n',
        array['Company Name', 'PIC-Name', ' e mail ', 'EMAIL', 'Favourite colour', 'npwp']
    ) ->> 'import_id'
)::bigint;
select is(
    api.ingest_get_import(pg_temp.id('names')) -> 'mapping',
    '{"Company Name": "company_name", "PIC-Name": "pic_name", "EMAIL": "email", "npwp": "npwp"}',
    'headers are found whatever their case and punctuation'
);
select is(
    api.ingest_get_import(pg_temp.id('names')) -> 'ignored_columns', '[" e mail ", "Favourite colour"]', 'what is not used is said'
);
select is(
    api.ingest_get_import(pg_temp.id('names')) -> 'missing_columns',
    '["contact_phone", "city_area", "service_code", "primary_channel"]',
    'and what is missing'
);

-- A row that the database refuses does not take the others down

reset role;
create function pg_temp.refuse() returns trigger
language plpgsql
as $$
begin
    if new.company_name = 'PT Refused' then
        raise exception 'secret of somebody else: CUST-SECRET' using errcode = '23505';
    elsif new.company_name = 'PT Rule' then
        raise exception 'No leads of this company.' using errcode = 'PT409', hint = 'lead.company.blocked';
    end if;
    return new;
end
$$;
create trigger leads_99_refuse before insert on crm.leads for each row execute function pg_temp.refuse();
select tests.become('mc@alpha.test');
insert into ids
select 'refused', pg_temp.upload((
    select jsonb_agg(pg_temp.row(case n when 7 then 'PT Refused' when 20 then 'PT Rule' else 'PT Around ' || n end))
    from generate_series(1, 24) n
));
select is(
    pg_temp.process(pg_temp.id('refused')), 'completed: 24 = 22 success, 2 error, 0 skipped, 0 duplicate, 0 pending',
    'a chunk that raises is halved down to the rows at fault'
);
select results_eq(
    format($$ select row_no, errors from api.import_rows where import_id = %s and status = 'error' order by 1 $$, pg_temp.id('refused')),
    $$
        values
            (8::bigint, '[{"field": null, "code": "import.row.refused", "message": "The row was refused (23505)."}]'::jsonb),
            (21, '[{"field": null, "code": "lead.company.blocked", "message": "No leads of this company."}]')
    $$,
    'case 152: our own words are shown, Postgres'' are not'
);
select is_empty(
    $$ select from api.customers where company_name in ('PT Refused', 'PT Rule') $$, 'a refused row leaves nothing behind'
);

-- Conservation

reset role;
select is_empty(
    $$
        select i.import_id
        from ingest.imports i
        left join lateral (
            select
                count(*) as total, count(*) filter (where r.status = 'success') as success,
                count(*) filter (where r.status = 'error') as error, count(*) filter (where r.status = 'skipped') as skipped,
                count(*) filter (where r.status = 'duplicate') as duplicate
            from ingest.import_rows r
            where r.org_id = i.org_id and r.import_id = i.import_id
        ) n on true
        where i.status <> 'staging'
          and (n.total, n.success, n.error, n.skipped, n.duplicate)
            <> (i.total_rows, i.success_rows, i.error_rows, i.skipped_rows, i.duplicate_rows)
    $$,
    'the counts of every import are those of its rows'
);
select is(
    (select count(*) from crm.leads l where l.source_import_id is not null),
    (select sum(i.success_rows)::bigint from ingest.imports i),
    'as many leads as successes'
);
select is_empty(
    $$
        select r.row_no
        from ingest.import_rows r
        left join crm.leads l on l.org_id = r.org_id and l.lead_id = r.target_id and l.source_import_id = r.import_id and l.source_row_no = r.row_no
        where r.status = 'success' and l.lead_id is null
    $$,
    'every success names its lead'
);
select results_eq(
    $$ select distinct a.table_name from app.audit_logs a where a.import_id is not null order by 1 $$,
    array['crm.contacts', 'crm.customers', 'crm.leads', 'crm.prospect_stage_history', 'crm.prospects', 'ingest.imports'],
    'the audit trail says which import wrote'
);
select is(
    tests.error_of(format('update ingest.imports set success_rows = success_rows + 1 where import_id = %s', pg_temp.id('five'))), '23514',
    'a closed import whose counts do not add up cannot be stored'
);

-- Who may (cases 121, 124, 125; decisions §5.3)

select tests.become('mc@alpha.test');
select is(
    tests.faults_of($$ select pg_temp.register('[{"a": 1}]', 'spreadsheets') $$), array['module import.module.unknown'],
    'case 121: an unknown module is refused, by name'
);
reset role;
create temporary table may (who text, error text);
grant all on may to public;
do $$
declare
    v_email text;
begin
    for v_email in select p.email from app.profiles p where p.email like '%@alpha.test' order by 1 loop
        perform tests.become(v_email);
        insert into may
        select split_part(v_email, '@', 1), tests.error_of($q$ select pg_temp.register('[{"company_name": "PT May"}]') $q$);
        perform set_config('role', 'none', true);
    end loop;
end
$$;
select results_eq(
    'select who from may where error is null order by who',
    array['adm', 'dgo', 'macx', 'mad', 'mc', 'mm', 'sa', 'ss', 'vsdo'],
    'case 124: marketing, support and administrators import leads'
);
select results_eq(
    'select distinct error from may where error is not null', array['PT403 permission.denied'],
    'case 124: director, salespeople, sales managers, operations and finance do not'
);
select tests.become_nobody();
select is(tests.error_of($$ select pg_temp.register('[{"a": 1}]') $$), 'PT401 auth.required', 'nor does nobody');

select tests.become('dgo@alpha.test');
select is(
    tests.error_of(format('select %s', c.call)), 'PT404 import.not_found', 'case 125: somebody else''s import is not there: ' || c.call
)
from (values
    (format('api.ingest_get_import(%s)', (select i.import_id from ids i where i.name = 'faulty'))),
    (format('api.ingest_list_rows(%s)', (select i.import_id from ids i where i.name = 'faulty'))),
    (format('api.process_import_leads(%s)', (select i.import_id from ids i where i.name = 'faulty'))),
    (format('api.retry_import(%s)', (select i.import_id from ids i where i.name = 'faulty'))),
    (format('api.ingest_finish_staging(%s, 4)', (select i.import_id from ids i where i.name = 'faulty')))
) as c (call);
select is_empty(format('select from api.import_rows where import_id = %s', pg_temp.id('faulty')), 'case 125: nor are its rows');
select tests.become('exi@alpha.test');
select is(
    tests.error_of(format('select api.process_import_leads(%s)', pg_temp.id('faulty'))), 'PT403 permission.denied',
    'whoever may not import at all is told that (decisions §5.14)'
);
select tests.become('dir@alpha.test');
select is(
    pg_temp.counts(api.ingest_get_import(pg_temp.id('five'))),
    'completed: 5 = 3 success, 2 error, 0 skipped, 0 duplicate, 0 pending',
    'a director reads all imports'
);
select is(
    tests.error_of(format('select api.process_import_leads(%s)', pg_temp.id('faulty'))), 'PT403 permission.denied', 'and processes none'
);
select tests.become('mm@beta.test');
select is(
    tests.error_of(format('select api.process_import_leads(%s)', pg_temp.id('faulty'))), 'PT404 import.not_found',
    'another organisation finds nothing'
);
select tests.become('mm@alpha.test');
select is(
    pg_temp.process(pg_temp.id('faulty')), 'completed: 4 = 1 success, 3 error, 0 skipped, 0 duplicate, 0 pending',
    'case 125: a manager of the module may finish what somebody uploaded'
);

select * from finish();
rollback;
