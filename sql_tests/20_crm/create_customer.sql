-- Customers made by hand: who may, which one is found, what is written to it, what those learn who cannot see it.

begin;
select plan(42);

create temporary table made (name text, customer_id text, answer jsonb);
grant all on made to public;
create function pg_temp.make(p_who text, p_name text, p_payload jsonb) returns jsonb
language plpgsql
as $$
declare
    v_answer jsonb;
begin
    perform tests.become(p_who || '@alpha.test');
    v_answer := api.crm_create_customer(p_payload);
    insert into made values (p_name, v_answer ->> 'customer_id', v_answer);
    perform set_config('role', 'none', true);
    return v_answer;
end
$$;
create function pg_temp.id(p_name text) returns text
language sql
as $$
    select m.customer_id from made m where m.name = p_name
$$;
create function pg_temp.error_as(p_who text, p_payload jsonb) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select api.crm_create_customer(%L)', p_who || '@alpha.test', p_payload))
$$;

-- Who

select is(pg_temp.error_as(w.who, '{"company_name": "PT X"}'), 'PT403 permission.denied', format('§1.5: %s makes no customer', w.who))
from (values ('dir'), ('mc'), ('fin'), ('exi')) as w (who);
select matches(
    pg_temp.make(w.who, w.who, jsonb_build_object('company_name', 'PT Of ' || w.who)) ->> 'customer_id', '^CUST[0-9]{10}$',
    format('§1.5: %s does', w.who)
)
from (values ('sa'), ('mm'), ('sm'), ('sp1'), ('ss'), ('adm'), ('stf'), ('mad')) as w (who);
select results_eq(
    $$
        select m.name, c.owner_ids = array[c.created_by], c.creator_ids = '{}', c.status, c.customer_type, c.version, p.owner_user_id = c.created_by
        from made m
        join crm.customers c on c.customer_id = m.customer_id
        left join crm.prospects p on p.customer_id = m.customer_id
        order by m.name
    $$,
    $$
        values
            ('adm', true, true, 'prospect', 'business', 1, true), ('mad', false, true, 'prospect', 'business', 1, null),
            ('mm', false, true, 'prospect', 'business', 1, null), ('sa', false, true, 'prospect', 'business', 1, null),
            ('sm', true, true, 'prospect', 'business', 1, true), ('sp1', true, true, 'prospect', 'business', 1, true),
            ('ss', true, true, 'prospect', 'business', 1, true), ('stf', true, true, 'prospect', 'business', 1, true)
    $$,
    'customers case 7: a name is enough; people of sales pursue what they brought'
);
select tests.become('sp1@alpha.test');
select is((select string_agg(c.company_name, ', ') from api.customers c), 'PT Of sp1', 'and see it');
select is(
    (select m.answer from made m where m.name = 'sp1'),
    (
        select jsonb_build_object('customer_id', p.customer_id, 'contact_id', null, 'prospect_id', p.prospect_id)
        from api.prospects p
    ),
    'the answer says what was made'
);
reset role;

-- Everything that can be said of one

select pg_temp.make('sp1', 'full', '{
    "company_name": " PT  Utuh ", "legal_name": "PT Utuh Tbk", "external_code": "U-1", "npwp": "07.777.777.7-777.000",
    "email": "office@utuh.example", "phone": "021-777-000", "website": "https://utuh.example", "address": "Jl. Satu", "city": "Bogor",
    "country": "ID", "status": "active", "customer_type": "government", "size": "large", "industry": "steel",
    "pic_name": "Ani Utuh", "pic_phone": "0812-777-000", "pic_email": "Ani@Utuh.example"
}');
select is(
    to_jsonb(c) @> '{
        "legal_name": "PT Utuh Tbk", "external_code": "U-1", "npwp": "07.777.777.7-777.000", "email": "office@utuh.example", "city": "Bogor",
        "status": "active", "customer_type": "government", "size": "large", "version": 1
    }',
    true, 'all of it is written'
)
from crm.customers c
where c.customer_id = pg_temp.id('full');
select results_eq(
    format('select t.full_name, t.email, t.phone, t.is_primary from crm.contacts t where t.customer_id = %L', pg_temp.id('full')),
    $$ values ('Ani Utuh', 'Ani@Utuh.example', '0812-777-000', true) $$, 'the PIC is its primary contact'
);

-- One company is one customer, by each key of the company and of its person

select is(
    pg_temp.make('sp1', 'again', c.payload::jsonb) - 'prospect_id' - 'contact_id',
    jsonb_build_object('customer_id', pg_temp.id('full'), 'customer_matched_by', c.matched_by),
    format('%s: found by %s', c.spec, c.matched_by)
)
from (
    values
        ('case 14', 'npwp', '{"company_name": "PT Lain", "npwp": "077777777777000"}'),
        ('case 15', 'email', '{"company_name": "PT Lain", "email": " OFFICE@utuh.example "}'),
        ('case 15', 'email', '{"company_name": "PT Lain", "pic_name": "A", "pic_email": "office@utuh.example"}'),
        ('case 15', 'email', '{"company_name": "PT Lain", "email": "new@lain.example", "pic_name": "A", "pic_email": "ani@utuh.example"}'),
        ('case 15', 'email', '{"company_name": "PT Lain", "email": "ani@utuh.example", "pic_name": "A", "pic_email": "new@lain.example"}'),
        ('case 16', 'phone', '{"company_name": "PT Lain", "phone": "+62 21 777000"}'),
        ('case 16', 'phone', '{"company_name": "PT Lain", "pic_name": "A", "pic_phone": "62812777000", "phone": "021-000-111"}'),
        ('case 17', 'company', '{"company_name": "pt. utuh"}')
) as c (spec, matched_by, payload);
select isnt(
    pg_temp.make('sp1', 'other', '{"company_name": "PT Utuh", "npwp": "08.888.888.8-888.000"}') ->> 'customer_id', pg_temp.id('full'),
    'P20: another NPWP is another company, whatever its name'
);
select results_eq(
    $$ select count(*), count(distinct c.company_key) from crm.customers c where c.company_name ilike 'pt% utuh' $$, $$ values (2::bigint, 1::bigint) $$,
    'P20: and that is the only second one'
);
select results_eq(
    format('select c.company_name, c.email, c.city, c.status from crm.customers c where c.customer_id = %L', pg_temp.id('full')),
    $$ values ('PT  Utuh', 'office@utuh.example', 'Bogor', 'active') $$, 'case 21: nothing that was there is changed'
);
select is(
    (select string_agg(t.full_name, ', ' order by t.contact_id) from crm.contacts t where t.customer_id = pg_temp.id('full') and t.full_name <> 'A'),
    'Ani Utuh', 'nor is a person added twice'
);
select pg_temp.make('sp1', 'blank', '{"company_name": "PT Kosong"}');
select pg_temp.make('sp1', 'filled', '{
    "company_name": "PT Kosong", "npwp": "09.999.999.9-999.000", "city": "Solo", "status": "active", "pic_name": "Budi", "pic_phone": "0812-555-444"
}');
select results_eq(
    format('select c.npwp, c.city, c.status, c.version from crm.customers c where c.customer_id = %L', pg_temp.id('blank')),
    $$ values ('09.999.999.9-999.000', 'Solo', 'prospect', 2) $$, 'case 21: blanks are filled, in one change'
);
select results_eq(
    format('select t.full_name, t.is_primary from crm.contacts t where t.customer_id = %L', pg_temp.id('blank')), $$ values ('Budi', true) $$,
    'and its first person is primary'
);
select is(
    pg_temp.error_as('sp1', '{"company_name": "PT Baru", "external_code": "U-1"}'), '23505', 'a code names one customer'
);

-- Somebody else's

select is(
    pg_temp.make('sp3', 'hidden', '{"company_name": "PT Kosong", "address": "Jl. Curi", "pic_name": "Mata", "pic_email": "mata@x.example"}'),
    '{"customer_id": null, "contact_id": null, "prospect_id": null}',
    'D1: whoever cannot see it learns no more than that nothing was made'
);
select is(
    (select c.address || ' ' || (select count(*) from crm.contacts t where t.full_name = 'Mata') from crm.customers c where c.customer_id = pg_temp.id('blank')),
    null, 'D1: nothing is written to it'
);
select is((select count(*) from crm.contacts t where t.full_name = 'Mata'), 0::bigint, 'D1: nor to its people');
select results_eq(
    $$ select p.email, n.title from app.notifications n join app.profiles p on p.user_id = n.user_id where n.topic = 'customers.met_known' $$,
    $$ values ('sm2@alpha.test', 'Somebody tried to add a customer that is there already: PT Kosong') $$, 'D1: the manager hears of it'
);
select tests.become('sp3@alpha.test');
select is_empty('select from api.customers', 'D1: and it stays closed');
select is_empty('select from api.prospects', 'D1: without a prospect of theirs');
reset role;

-- What is wrong

select tests.become('sa@alpha.test');
select is(
    tests.faults_of($$ select api.crm_create_customer('{"company_name": " ", "owner_ids": [], "customer_id": "C", "credit_limit": 5}') $$),
    array[
        'company_name customer.company_name.required', 'credit_limit customer.field.unknown', 'customer_id customer.field.unknown',
        'owner_ids customer.field.unknown'
    ], 'P33, case 7: nobody names its id, owner or credit'
);
select is(
    tests.faults_of($$ select api.crm_create_customer('{
        "company_name": "PT X", "npwp": "1", "email": "x", "phone": "1", "pic_email": "y", "pic_phone": "2", "status": "dead", "size": "huge"
    }') $$),
    array[
        'email customer.email.format', 'npwp customer.npwp.format', 'phone customer.phone.format', 'pic_email customer.pic_email.format',
        'pic_name customer.pic_name.required', 'pic_phone customer.pic_phone.format', 'size customer.size.unknown', 'status customer.status.unknown'
    ], 'everything is named at once'
);
select tests.become_owner();

-- Traces

select results_eq(
    format($$ select a.action, a.changed_by from app.audit_logs a where a.table_name = 'crm.customers' and a.record_id = %L order by a.audit_id $$, pg_temp.id('blank')),
    $$ values ('INSERT', tap.uid('sp1@alpha.test')), ('UPDATE', tap.uid('sp1@alpha.test')) $$, 'case 128: audited, once each'
);
select results_eq(
    format('select o.topic from app.outbox o where o.key = %L order by o.id', pg_temp.id('blank')),
    $$ values ('customers.created'), ('customers.updated') $$, 'and told'
);

select * from finish();
rollback;
