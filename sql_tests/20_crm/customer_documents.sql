-- Documents of customers: added by whoever changes the customer, read by whoever sees it, deleted by super admins.

begin;
select plan(19);

create temporary table made (name text primary key, id text);
grant all on made to public;
create function pg_temp.id(p_name text) returns text
language sql
as $$
    select m.id from made m where m.name = p_name
$$;
create function pg_temp.add_as(p_who text, p_path text default null, p_bucket text default 'customer-documents') returns text
language sql
as $$
    select tests.error_of(format(
        $f$ select tests.become(%L); insert into made select 'of_' || %L, api.crm_add_document(%L, 'contract.csv', 'text/csv', 9, repeat('ab', 32), %L, %L) ->> 'document_id' $f$,
        p_who || '@alpha.test', p_who, pg_temp.id('customer'), p_bucket, coalesce(p_path, pg_temp.id('customer') || '/' || p_who || '.csv')
    ))
$$;

select tests.become('sp1@alpha.test');
insert into made select 'customer', api.crm_create_customer('{"company_name": "PT Berkas"}') ->> 'customer_id';
reset role;

select is(pg_temp.add_as(w.who), w.error, format('§1.5: %s adds one: %s', w.who, coalesce(w.error, 'yes')))
from (
    values
        ('sp1', null), ('sm', null), ('ss', null), ('sp2', 'PT404 customer.not_found'), ('fin', 'PT403 permission.denied'),
        ('dir', 'PT403 permission.denied'), ('mc', 'PT403 permission.denied'), ('exi', 'PT403 permission.denied')
) as w (who, error);
select is(pg_temp.add_as('sp1', w.path, w.bucket), 'PT422 request.invalid', 'P36: in its folder of its bucket alone')
from (values ('other/a.csv', 'customer-documents'), (pg_temp.id('customer') || '/a.csv', 'kpi-evidence')) as w (path, bucket);

select tests.become('fin@alpha.test');
select is(
    (select string_agg(i ->> 'file_name', ', ') from jsonb_array_elements(api.crm_list_documents(pg_temp.id('customer'), 2) -> 'items') i), 'contract.csv, contract.csv',
    'whoever sees the customer sees them, page by page'
);
select is(
    (
        select string_agg(i ->> 'document_id', ', ')
        from jsonb_array_elements(api.crm_list_documents(pg_temp.id('customer'), 2, jsonb_build_object('document_id', pg_temp.id('of_sm')::bigint)) -> 'items') i
    ),
    pg_temp.id('of_sp1'), 'the older ones on the next'
);
select is(api.app_get_file(d.file_id) ->> 'bucket', 'customer-documents', 'and has the file') from api.customer_documents d where d.document_id = pg_temp.id('of_sp1')::bigint;
reset role;
select is(
    tests.error_of(format('select tests.become(%L); select api.crm_list_documents(%L)', w.who || '@alpha.test', pg_temp.id('customer'))), w.error, w.who || ' has none of it'
)
from (values ('sp3', 'PT404 customer.not_found'), ('exi', 'PT403 permission.denied')) as w (who, error);
select tests.become('sp3@alpha.test');
select is_empty('select from api.customer_documents', 'nor in the view');
select tests.become('sp1@alpha.test');
select is(
    tests.error_of(format('select api.crm_delete_document(%L, %s)', pg_temp.id('customer'), pg_temp.id('of_sp1'))), 'PT403 permission.denied', '§1.5: its author does not delete it'
);
select tests.become('sa@alpha.test');
select is(
    api.crm_delete_document(pg_temp.id('customer'), pg_temp.id('of_sp1')::bigint) ->> 'document_id', pg_temp.id('of_sp1'), 'a super admin does'
);
select is(
    tests.error_of(format('select api.crm_delete_document(%L, %s)', pg_temp.id('customer'), pg_temp.id('of_sp1'))), 'PT404 customer.document.not_found', 'once'
);

select * from finish();
rollback;
