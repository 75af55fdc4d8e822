-- A file makes the customers that its rows would make one at a time: chains, doubles and conflicts inside a file.

begin;
select plan(30);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');

-- company, e-mail, phone, NPWP of a row
create function pg_temp.row(p_company text, p_email text, p_phone text, p_npwp text default null) returns jsonb
language sql
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'company_name', p_company, 'email', p_email || '@file.example', 'contact_phone', '0811000' || p_phone,
        'npwp', lpad(p_npwp, 15, '1'), 'pic_name', 'Pic of ' || p_email, 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM'
    ))
$$;
create function pg_temp.customers_of_file(p_email text, p_rows jsonb) returns text
language plpgsql
as $$
declare
    v_import_id bigint;
    v_answer text;
begin
    perform tests.become(p_email);
    v_import_id := api.ingest_create_import(
        'leads', 'f.csv', 'text/csv', 1, encode(sha256(convert_to(p_rows::text, 'UTF8')), 'hex'), 'import-files',
        md5(p_rows::text || clock_timestamp()),
        '{company_name,email,contact_phone,npwp,pic_name,city_area,service_code,primary_channel}'
    ) ->> 'import_id';
    perform api.ingest_stage_rows(v_import_id, array_agg(r.position), array_agg(r.value::text), array_agg(null::text))
    from jsonb_array_elements(p_rows) with ordinality as r (value, position);
    perform api.ingest_finish_staging(v_import_id, jsonb_array_length(p_rows));
    while api.process_import_leads(v_import_id) ->> 'status' not in ('completed', 'failed') loop
    end loop;
    perform tests.become_owner();
    -- The company of each row, by the first row that belongs to it
    select string_agg(g.first_row::text, ' ' order by g.source_row_no)
    into v_answer
    from (
        select l.source_row_no, min(l.source_row_no) over (partition by l.customer_id) as first_row
        from crm.leads l
        where l.source_import_id = v_import_id
    ) g;
    return v_answer;
end
$$;
create function pg_temp.customers_one_at_a_time(p_email text, p_rows jsonb) returns text
language plpgsql
as $$
declare
    v_row jsonb;
    v_customers text[] := '{}';
    v_answer text;
begin
    perform tests.become(p_email);
    for v_row in select r.value from jsonb_array_elements(p_rows) as r (value) loop
        v_customers := v_customers || (api.crm_create_lead_bundle(v_row) ->> 'customer_id');
    end loop;
    perform tests.become_owner();
    select string_agg(array_position(v_customers, c.customer_id)::text, ' ' order by c.position)
    into v_answer
    from unnest(v_customers) with ordinality as c (customer_id, position);
    return v_answer;
end
$$;

create temporary table images (image jsonb);
grant all on images to public;
-- name, rows, expected: for each row the first row of its customer
create temporary table cases (n integer generated always as identity, name text, rows jsonb, expected text);
grant all on cases to public;
insert into cases (name, rows, expected)
values
    ('strangers', jsonb_build_array(pg_temp.row('A', 'a', '1'), pg_temp.row('B', 'b', '2')), '1 2'),
    ('the second by e-mail, the third by name of the first',
        jsonb_build_array(pg_temp.row('A', 'a', '1'), pg_temp.row('B', 'a', '2'), pg_temp.row('A', 'c', '3')), '1 1 1'),
    ('a chain: the second by name, the third by the e-mail that the second brought',
        jsonb_build_array(pg_temp.row('A', 'a', '1'), pg_temp.row('A', 'b', '2'), pg_temp.row('C', 'b', '3')), '1 1 1'),
    ('a chain: the second by name, the third by the phone that the second brought',
        jsonb_build_array(pg_temp.row('A', 'a', '1'), pg_temp.row('A', 'b', '2'), pg_temp.row('C', 'c', '2')), '1 1 1'),
    ('a chain of five',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1'), pg_temp.row('A', 'b', '2'), pg_temp.row('C', 'c', '2'), pg_temp.row('D', 'c', '4'),
            pg_temp.row('E', 'e', '4')
        ), '1 1 1 1 5'),
    ('two NPWPs under one name, e-mail and phone are two customers; who has none goes to the first',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1', '11'), pg_temp.row('A', 'a', '1', '22'), pg_temp.row('A', 'a', '1'), pg_temp.row('Z', 'z', '9', '22')
        ), '1 2 1 2'),
    ('whoever brings the NPWP first gives it to the customer; another NPWP is another customer',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1'), pg_temp.row('A', 'b', '2', '11'), pg_temp.row('A', 'c', '3', '22'), pg_temp.row('X', 'x', '9', '11')
        ), '1 1 3 1'),
    ('one NPWP that two rows bring to two customers without any: the NPWP decides',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1'), pg_temp.row('B', 'b', '2'), pg_temp.row('A', 'c', '3', '11'), pg_temp.row('B', 'd', '4', '11')
        ), '1 2 1 1'),
    ('a new company and an old one with the same NPWP',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1'), pg_temp.row('N', 'n', '8', '11'), pg_temp.row('A', 'c', '3', '11')
        ), '1 2 2'),
    ('the e-mail decides against the name, also where both came with this file',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1'), pg_temp.row('B', 'b', '2'), pg_temp.row('B', 'a', '3'), pg_temp.row('A', 'b', '4')
        ), '1 2 1 2'),
    ('a row that matches by name and would by the e-mail of a row before it',
        jsonb_build_array(
            pg_temp.row('A', 'a', '1'), pg_temp.row('B', 'b', '2'), pg_temp.row('A', 'new', '3'), pg_temp.row('B', 'new', '4')
        ), '1 2 1 1');

-- Each case with names, addresses and numbers of its own
update cases c
set rows = (
    select jsonb_agg(
        r.value
        || jsonb_build_object(
            'company_name', format('PT %s%s', r.value ->> 'company_name', c.n), 'email', format('%s%s', c.n, r.value ->> 'email'),
            'contact_phone', format('%s%s', r.value ->> 'contact_phone', lpad(c.n::text, 2, '0'))
        )
        || case
            when r.value ? 'npwp' then jsonb_build_object('npwp', lpad(c.n::text, 2, '0') || substr(r.value ->> 'npwp', 3))
            else '{}'
        end
        order by r.position
    )
    from jsonb_array_elements(c.rows) with ordinality as r (value, position)
);

select is(pg_temp.customers_one_at_a_time('mm@beta.test', c.rows), c.expected, 'one at a time: ' || c.name)
from cases c
order by c.n;
select is(pg_temp.customers_of_file('mm@alpha.test', c.rows), c.expected, 'in a file: ' || c.name)
from cases c
order by c.n;

-- The same question has the same answer, whatever stands around it

select is(
    pg_temp.customers_of_file(
        'mm@gamma.test', (select jsonb_agg(r.value order by c.n, r.position) from cases c, jsonb_array_elements(c.rows) with ordinality as r (value, position))
    ),
    (
        select string_agg((x.first_row::integer + x.before)::text, ' ' order by x.n, x.position)
        from (
            select c.n, f.position, f.first_row, (select coalesce(sum(jsonb_array_length(o.rows)), 0) from cases o where o.n < c.n) as before
            from cases c, string_to_table(c.expected, ' ') with ordinality as f (first_row, position)
        ) x
    ),
    'in one file: all of these side by side'
);

-- An existing customer whom the uploader cannot read is matched, and learns nothing (decisions §5.1)

select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name, email, owner_ids)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-S', 'PT Secret', 'office@secret.example', array[tap.uid('sp3@alpha.test')]);
insert into crm.prospects (org_id, customer_id, owner_user_id)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-S', tap.uid('sp3@alpha.test'));
insert into images select to_jsonb(c) from crm.customers c where c.customer_id = 'CUST-S';
select is(
    pg_temp.customers_of_file('mc@alpha.test', jsonb_build_array(
        pg_temp.row('PT Secret', 'typed1', '771', '91'), pg_temp.row('PT Secret', 'typed2', '772', '92'),
        pg_temp.row('Other', 'typed1', '773')
    )),
    '1 1 3',
    'rows about a customer whom the uploader cannot read are linked to it; what one of them brings finds nothing for the next'
);
select results_eq(
    $$ select to_jsonb(c) from crm.customers c where c.customer_id = 'CUST-S' $$, 'select image from images',
    'D1: nothing is written to that customer'
);
select is_empty($$ select from crm.contacts where customer_id = 'CUST-S' $$, 'D1: nor a contact');
select results_eq(
    $$
        select split_part(p.email, '@', 1), n.title
        from app.notifications n
        join app.profiles p on p.user_id = n.user_id
        where n.org_id = 'a0000000-0000-4000-8000-000000000000'
    $$,
    $$ values ('mm', '2 leads are about existing customers and need an owner') $$,
    'D1: the uploader''s manager is told, once for the chunk'
);
select tests.become('mc@alpha.test');
select is_empty($$ select from api.customers where customer_id = 'CUST-S' $$, 'D1: the uploader sees no customer by it');
select is(
    (select count(*) from api.leads l where l.customer_id is null), 2::bigint, 'D1: but the leads, with what the file said'
);
select ok(
    (select not bool_or(r.row_data::text || coalesce(r.errors::text, '') || coalesce(r.target_id, '') ~ 'CUST-S') from api.import_rows r),
    'D1: nor do the rows of the import name it'
);

select * from finish();
rollback;
