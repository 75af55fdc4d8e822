-- One field for everything: what it finds, for whom, literally; and what it never tells.

begin;
select plan(58);

create temporary table found (name text primary key, lead_id text, customer_id text, ticket_id text);
grant all on found to public;
create function pg_temp.post(p_email text, p_name text, p_company text, p_more jsonb default '{}') returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    insert into found
    select p_name, a ->> 'lead_id', a ->> 'customer_id', a ->> 'ticket_id'
    from api.crm_create_lead_bundle(jsonb_strip_nulls(jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '0812-' || p_name || '-777', 'email', p_name || '@mail.example'
    ) || p_more)) a;
    perform set_config('role', 'none', true);
end
$$;
create function pg_temp.hits(p_email text, p_q text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_email);
    return (
        select string_agg(i ->> 'kind' || ' ' || (i ->> 'title'), ', ' order by n)
        from jsonb_array_elements(api.crm_search(p_q) -> 'items') with ordinality as h (i, n)
    );
end
$$;

select pg_temp.post('mc@alpha.test', '1111', 'PT Rahasia Dagang', '{
    "npwp": "01.234.567.8-901.000", "need_rfq": true,
    "rfq_origin_address": "Jl. Rahasia 1", "rfq_origin_city": "Jakarta", "rfq_origin_country": "Indonesia",
    "rfq_destination_address": "Two Street 2", "rfq_destination_city": "Hamburg", "rfq_destination_country": "Germany",
    "rfq_cargo_category": "Furniture", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "1x2x3 m", "rfq_cargo_weight": 5,
    "rfq_scope_of_work": "door to port"}');
select pg_temp.post('mm@alpha.test', '2222', 'CV 100% Murni', jsonb_build_object('sales_owner_user_id', tap.uid('sp1@alpha.test')));
select pg_temp.post('mm@alpha.test', '3333', 'CV 1000 Murni_Jaya', jsonb_build_object('sales_owner_user_id', tap.uid('sp3@alpha.test')));
select pg_temp.post('mc@beta.test', '4444', 'PT Rahasia Beta');

-- What it finds

select is(
    pg_temp.hits('mm@alpha.test', 'rahasia'), 'customer PT Rahasia Dagang, lead PT Rahasia Dagang, ticket RFQ AF: Indonesia - Germany',
    'part of a company name, in any case of letters, finds the customer, its leads and their tickets'
);
reset role;
select is(pg_temp.hits('mm@alpha.test', w.word), 'customer PT Rahasia Dagang, lead PT Rahasia Dagang, ticket RFQ AF: Indonesia - Germany', 'so does ' || w.word)
from (
    values ('1111@MAIL.example'), ('0812-1111'), ('+62 812-1111'), ('08121111777'), ('01.234.567.8-901'), ('Rahasia  Dagang'), (' PT. Rahasia ')
) as w (word);
reset role;
select is(pg_temp.hits('mm@alpha.test', (select f.lead_id from found f where f.name = '1111')), 'lead PT Rahasia Dagang, ticket RFQ AF: Indonesia - Germany', 'a lead by its id');
reset role;
select is(pg_temp.hits('mm@alpha.test', lower((select f.customer_id from found f where f.name = '1111'))), 'customer PT Rahasia Dagang', 'a customer by its id, in any case of letters');
reset role;
select is(pg_temp.hits('sa@alpha.test', (select f.ticket_id from found f where f.name = '1111')), 'ticket RFQ AF: Indonesia - Germany', 'a ticket by its id');
reset role;
select is(pg_temp.hits('sa@alpha.test', 'germany'), 'ticket RFQ AF: Indonesia - Germany', 'and by a word of its subject');
reset role;
insert into ar.invoices (org_id, invoice_id, customer_id, invoice_date, due_date, invoice_amount, currency, external_no)
select 'a0000000-0000-4000-8000-000000000000', 'INV1', f.customer_id, '2031-01-01', '2031-02-01', 5, 'IDR', 'BOOK/7' from found f where f.name = '2222';
select is(pg_temp.hits('fin@alpha.test', w.word), w.hits, 'finance finds ' || w.word)
from (
    values
        ('INV1', 'invoice BOOK/7'), ('BOOK/7', 'invoice BOOK/7'), ('100% murni', 'customer CV 100% Murni, invoice BOOK/7'),
        ('rahasia', 'customer PT Rahasia Dagang')
) as w (word, hits);

-- Who begin with the word come first, whatever form of company stands before it

reset role;
select pg_temp.post('mm@alpha.test', '550' || n, f.form || ' Zulu ' || n) from unnest('{PT,CV,Fa.,UD}'::text[]) with ordinality as f (form, n);
select pg_temp.post('mm@alpha.test', '5509', 'PT Anak Zulu');
reset role;
select is(
    pg_temp.hits('mm@alpha.test', 'zulu'),
    'customer CV Zulu 2, customer Fa. Zulu 3, customer PT Anak Zulu, customer PT Zulu 1, customer UD Zulu 4, '
    'lead PT Anak Zulu, lead UD Zulu 4, lead Fa. Zulu 3, lead CV Zulu 2, lead PT Zulu 1', 'fewer than fill a page are found with the others'
);
reset role;
select pg_temp.post('mm@alpha.test', '5505', 'Zulu 5');
reset role;
select is(
    pg_temp.hits('mm@alpha.test', 'ZULU'),
    'customer CV Zulu 2, customer Fa. Zulu 3, customer PT Zulu 1, customer UD Zulu 4, customer Zulu 5, '
    'lead Zulu 5, lead UD Zulu 4, lead Fa. Zulu 3, lead CV Zulu 2, lead PT Zulu 1', 'five fill it'
);
reset role;
select is(pg_temp.hits('mm@alpha.test', 'anak zulu'), 'customer PT Anak Zulu, lead PT Anak Zulu', 'the others are found by what they begin with');

-- Literally (pitfall P34)

reset role;
select is(pg_temp.hits('mm@alpha.test', w.word), w.hits, 'P34: ' || w.word || ' means itself')
from (
    values
        ('100%', 'customer CV 100% Murni, lead CV 100% Murni'), ('0%', 'customer CV 100% Murni, lead CV 100% Murni'),
        ('%%', null), ('__', null), ('i_j', 'customer CV 1000 Murni_Jaya, lead CV 1000 Murni_Jaya'), ('i%j', null), ('\%', null),
        (''' or true --', null), ('$$', null), ('.*', null)
) as w (word, hits);

-- For whom

reset role;
select is(pg_temp.hits(w.who || '@alpha.test', 'murni'), w.hits, w.who || ' finds ' || coalesce(w.hits, 'nothing'))
from (
    values
        ('sp1', 'customer CV 100% Murni, lead CV 100% Murni, invoice BOOK/7'),
        ('sm', 'customer CV 100% Murni, lead CV 100% Murni, invoice BOOK/7'),
        ('sp3', 'customer CV 1000 Murni_Jaya, lead CV 1000 Murni_Jaya'),
        ('sp2', null), ('mc', null), ('stf', null), ('exi', null),
        ('ss', 'customer CV 100% Murni, customer CV 1000 Murni_Jaya, lead CV 1000 Murni_Jaya, lead CV 100% Murni'),
        ('mm', 'customer CV 100% Murni, customer CV 1000 Murni_Jaya, lead CV 1000 Murni_Jaya, lead CV 100% Murni')
) as w (who, hits);
-- Few customers are looked through by what they and their people say, many by their keys; both find the same.
reset role;
select is(pg_temp.hits('sp1@alpha.test', w.word), 'customer CV 100% Murni, lead CV 100% Murni, invoice BOOK/7', 'sp1 finds their customer by ' || w.word)
from (values ('2222@mail.EXAMPLE'), ('0812-2222')) as w (word);
reset role;
select is(pg_temp.hits('mc@alpha.test', w.word), 'customer PT Rahasia Dagang, lead PT Rahasia Dagang, ticket RFQ AF: Indonesia - Germany', 'mc finds what they created by ' || w.word)
from (values ('01.234.567.8-901'), ('+62 812-1111'), ('1111@mail')) as w (word);
reset role;
select is(pg_temp.hits('mm@beta.test', 'rahasia'), 'customer PT Rahasia Beta, lead PT Rahasia Beta', 'and another organisation its own');

-- What operations never learn (case 153)

reset role;
select is(pg_temp.hits('exi@alpha.test', 'germany'), 'ticket RFQ AF: Indonesia - Germany', 'case 153: operations find the request they work on');
reset role;
select is(pg_temp.hits('exi@alpha.test', w.word), null, 'case 153, P13: and nothing by ' || w.word)
from (
    values ('rahasia'), ('dagang'), ('1111@mail.example'), ('08121111777'), ('012345678901000')
) as w (word);
reset role;
select is(pg_temp.hits('dom@alpha.test', 'germany'), null, 'another department finds none');

-- A lead on a hidden customer (decisions §5.1)

reset role;
select pg_temp.post('sp2@alpha.test', '5555', 'PT Typed', '{"npwp": "01.234.567.8-901.000"}');
select is(pg_temp.hits('sp2@alpha.test', 'typed'), 'lead PT Typed', 'D1: a lead is found by what its creator typed');
reset role;
select is(pg_temp.hits('sp2@alpha.test', 'rahasia'), null, 'D1: and not by the name of the customer that it matched');

select tests.become('sp1@alpha.test');
select is(tests.error_of(format('select api.crm_search(%L)', w.word)), 'PT422 request.invalid', 'too short or too long')
from (values ('a'), ('  a  '), (''), (repeat('a', 101))) as w (word);
select tests.become_nobody();
select is(tests.error_of($$ select api.crm_search('murni') $$), 'PT401 auth.required', 'nobody finds nothing');

select * from finish();
rollback;
