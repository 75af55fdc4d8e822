-- A lead about a customer whom its creator cannot read opens nothing, tells nothing and changes nothing, until a
-- manager decides (decisions D1, D9, §5.1).

begin;
select plan(41);

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Typed by hand', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
create function pg_temp.rfq() returns jsonb
language sql
as $$
    select '{
        "need_rfq": true, "rfq_origin_address": "a", "rfq_origin_city": "b", "rfq_origin_country": "ID",
        "rfq_destination_address": "c", "rfq_destination_city": "d", "rfq_destination_country": "SG",
        "rfq_cargo_category": "x", "rfq_cargo_qty": 3, "rfq_cargo_dimensions": "1x1", "rfq_cargo_weight": 2,
        "rfq_scope_of_work": "all"
    }'::jsonb
$$;
-- Everything that the caller can read through `api`, as text
create function pg_temp.all_that_is_read() returns text
language plpgsql
as $$
declare
    v_view text;
    v_part text;
    v_whole text := '';
begin
    for v_view in select c.oid::regclass::text from pg_class c where c.relnamespace = 'api'::regnamespace and c.relkind = 'v' loop
        execute format('select string_agg(to_jsonb(v)::text, '' '') from %s v', v_view) into v_part;
        v_whole := concat_ws(' ', v_whole, v_part);
    end loop;
    return concat_ws(
        ' ', v_whole, api.crm_list_leads('{}', 100)::text,
        (select string_agg(api.crm_get_lead(l.lead_id)::text, ' ') from api.leads l)
    );
end
$$;
-- The customers of this file, with everything that hangs on them, whoever asks
create function pg_temp.image() returns text
language sql
security definer
as $$
    select md5(
        (select string_agg(to_jsonb(c)::text, ',' order by c.customer_id) from crm.customers c where c.customer_id like 'CUST-S%')
        || (select string_agg(to_jsonb(t)::text, ',' order by t.contact_id) from crm.contacts t where t.customer_id like 'CUST-S%')
        || (
            select string_agg(to_jsonb(k)::text, ',' order by k.kind, k.key, k.customer_id)
            from crm.customer_keys k
            where k.customer_id like 'CUST-S%'
        )
    )
$$;

-- Fifty customers of sp3, who is in another team

select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name, npwp, email, phone, address, owner_ids)
select
    'a0000000-0000-4000-8000-000000000000', 'CUST-S' || lpad(n::text, 2, '0'), 'PT Secret ' || n,
    case when n % 2 = 0 then lpad(n::text, 15, '7') end, 'office@secret' || n || '.example', '0215550' || lpad(n::text, 3, '0'),
    'Secret street ' || n, '{}'
from generate_series(1, 50) n;
insert into crm.contacts (org_id, customer_id, full_name, email, phone, is_primary)
select
    'a0000000-0000-4000-8000-000000000000', 'CUST-S' || lpad(n::text, 2, '0'), 'Secret person ' || n,
    'pic@secret' || n || '.example', '0811550' || lpad(n::text, 3, '0'), true
from generate_series(1, 50) n;
insert into crm.prospects (org_id, customer_id, owner_user_id)
select 'a0000000-0000-4000-8000-000000000000', 'CUST-S' || lpad(n::text, 2, '0'), tap.uid('sp3@alpha.test')
from generate_series(1, 50) n;
reset role;
create temporary table before as select pg_temp.image() as image, (select count(*) from app.audit_logs) as entries;
create temporary table answers (n integer, answer jsonb);
grant all on before, answers to public;

select tests.become('sp3@alpha.test');
select is((select count(*) from api.customers), 50::bigint, 'sp3 has fifty customers');
select tests.become('sp1@alpha.test');
select is((select count(*) from api.customers), 0::bigint, 'sp1 has none');

-- sp1 hits them by every kind of key, names himself as the owner, asks for tariffs

insert into answers
select n, api.crm_create_lead_bundle(
    case n % 5
        when 0 then pg_temp.lead('PT Secret ' || n)
        when 1 then pg_temp.lead('Unrelated ' || n, jsonb_build_object('email', 'office@secret' || n || '.example'))
        when 2 then pg_temp.lead('Unrelated ' || n, jsonb_build_object('email', upper('pic@secret' || n || '.example')))
        when 3 then pg_temp.lead('Unrelated ' || n, jsonb_build_object('contact_phone', '+62 811 550' || lpad(n::text, 3, '0')))
        else pg_temp.lead('Unrelated ' || n, jsonb_build_object('npwp', lpad(n::text, 15, '7')))
    end
    || case when n % 5 = 0 and n % 2 = 1 then jsonb_build_object('npwp', lpad(n::text, 15, '8')) else '{}' end
    || case when n % 3 = 0 then pg_temp.rfq() else '{}' end
    || case when n % 4 = 0 then jsonb_build_object('sales_owner_user_id', tap.uid('sp1@alpha.test')) else '{}' end
)
from generate_series(1, 50) n
-- Customers with an odd number have no NPWP.
where n % 5 <> 4 or n % 2 = 0;

select is((select count(*) from answers), 45::bigint, 'sp1 creates leads on customers of sp3');
select is_empty(
    $$ select from answers where answer -> 'customer_id' <> 'null' or answer ? 'customer_matched_by' $$,
    'D1: the answers name no customer and no reason'
);
select results_eq(
    $$ select distinct (select string_agg(k, ' ' order by k) from jsonb_object_keys(a.answer) k) from answers a $$,
    array['customer_id lead_id prospect_id ticket_id'],
    'D1: and have the fields that an answer about a new customer has'
);
select is((select count(*) from api.leads), 45::bigint, 'D1: sp1 sees the leads');
select is((select count(*) from api.leads l where l.company_name like 'Unrelated%'), 35::bigint, 'with what was typed');
select is_empty('select from api.leads where customer_id is not null', 'D1: without a customer');
select is_empty('select from api.leads where sales_owner_user_id is not null', 'D1: unowned, even where he named himself');
select is_empty('select from api.customers', 'D1: no customer of theirs is his now');
select is_empty('select from api.contacts', 'D1: nor a contact');
select is_empty(
    'select from api.prospects where customer_id is not null or company_name is not null', 'D1: his prospects name no customer'
);
select is_empty('select from api.tickets where related_customer_id is not null', 'D1: nor do his tickets');
select isnt_empty('select from api.tickets', 'of which there are some');
select ok(
    pg_temp.all_that_is_read() !~* 'CUST-S|Secret person|Secret street|0215550',
    'D1: nothing of them stands in any view, list or lead'
);
select is(
    api.crm_list_leads('{"customer_id": "CUST-S05"}') -> 'items', '[]', 'D1: a lead is not found by a customer one cannot read'
);
reset role;
select tests.become_analyst('sp1@alpha.test');
select is((select count(*) from api.customers), 0::bigint, 'D1: nor does an analyst of his find one');
select is_empty('select from api.leads where customer_id is not null', 'D1: nor the link');
reset session authorization;

-- Nothing is written to them

select is(
    pg_temp.image(), (select b.image from before b),
    'D1: no customer, contact or key is changed: no back-fill, no new person, not even updated_at or version'
);
select is_empty(
    $$
        select from app.audit_logs a
        where a.table_name in ('crm.customers', 'crm.contacts') and a.audit_id > 0
          and a.changed_by = tap.uid('sp1@alpha.test')
    $$,
    'D1: nor is anything written about them'
);
select is((select count(*) from crm.leads l where not l.counts), 45::bigint, 'the leads count for nobody');
select is((select count(*) from crm.prospects p where not p.counts), 45::bigint, 'nor do the prospects');
select is_empty(
    $$ select from crm.leads l where l.customer_id not like 'CUST-S%' $$, 'though each is linked to the customer it is about'
);

-- Who is told

select results_eq(
    $$
        select split_part(p.email, '@', 1), count(*)::integer
        from app.notifications n
        join app.profiles p on p.user_id = n.user_id
        where n.topic = 'lead.needs_owner'
        group by 1
    $$,
    $$ values ('sm', 45) $$,
    'D1: his manager is notified of each, and nobody else'
);
select tests.become('sm@alpha.test');
select is((select count(*) from api.notifications), 45::bigint, 'the manager reads it');
select is(
    (select count(*) from api.notifications n join api.leads l on l.lead_id = n.entity_id), 45::bigint, 'and finds the leads'
);
select ok(
    pg_temp.all_that_is_read() !~ 'CUST-S|Secret person|Secret street',
    'D1: but a manager of another team learns no more of the customers'
);
select tests.become('mm@alpha.test');
select is(
    (select count(distinct l.customer_id) from api.leads l), 45::bigint, 'who reads all customers sees which ones they are'
);

-- Those without a manager: marketing and sales managers decide

select tests.become('stf2@alpha.test');
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Secret 1')) -> 'customer_id', 'null', 'staff without a manager'
);
reset role;
select results_eq(
    $$
        select split_part(p.email, '@', 1)
        from app.notifications n
        join app.profiles p on p.user_id = n.user_id
        where n.entity_id = (select l.lead_id from crm.leads l where l.created_by = tap.uid('stf2@alpha.test'))
        order by 1
    $$,
    array['adm', 'mad', 'mm', 'sa', 'sm', 'sm2'],
    'D1: everybody who may hand over leads is notified'
);

-- Marketing staff (D9): they see the customers of leads they created, of those that count

select tests.become('mc@alpha.test');
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Secret 2')) -> 'customer_id', 'null', 'D9: marketing staff on a customer of others'
);
select is_empty('select from api.customers', 'D9: see no customer by it');
select isnt(
    api.crm_create_lead_bundle(pg_temp.lead('PT Of Her Own')) ->> 'customer_id', null, 'D9: on a new customer'
);
select results_eq('select company_name from api.customers', array['PT Of Her Own'], 'D9: they see it');
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Of Her Own')) ->> 'customer_matched_by', 'email', 'D9: and match it again'
);

-- The owner himself

select tests.become('sp3@alpha.test');
select is(
    api.crm_create_lead_bundle(pg_temp.lead('Typed', '{"email": "office@secret3.example"}')) - 'lead_id' - 'prospect_id',
    '{"customer_id": "CUST-S03", "ticket_id": null, "customer_matched_by": "email"}',
    'whoever can read the customer is told that it was matched, and how'
);
select is(
    (select count(*) from api.leads l where l.customer_id = 'CUST-S03'), 1::bigint,
    'and sees their own lead on it, not that of sp1'
);

-- A manager assigns: from then on it counts

select tests.become_owner();
update crm.prospects p
set counts = true
from crm.leads l
where l.company_name = 'PT Secret 5' and p.org_id = l.org_id and p.prospect_id = l.prospect_id;
update crm.leads set counts = true, sales_owner_user_id = tap.uid('sp1@alpha.test') where company_name = 'PT Secret 5';
select tests.become('sp1@alpha.test');
select results_eq(
    'select customer_id, company_name from api.customers', $$ values ('CUST-S05', 'PT Secret 5') $$,
    'D1: once a manager has assigned the lead, its customer is his'
);
select is(
    (select l.customer_id from api.leads l where l.company_name = 'PT Secret 5'), 'CUST-S05', 'and stands on the lead'
);
select is((select count(*) from api.contacts), 1::bigint, 'with its contact');
select is(
    jsonb_array_length(api.crm_list_leads('{"customer_id": "CUST-S05"}') -> 'items'), 1, 'and the lead is found by it'
);

select * from finish();
rollback;
