-- Which words of a text are the customer's: short names, people who were deleted, people of other leads; and which stay.

begin;
select plan(26);

create temporary table made (name text, ticket_id text, lead_id text, customer_id text);
grant all on made to public;
create function pg_temp.ask(p_name text, p_company text, p_pic text, p_email text, p_phone text) returns void
language plpgsql
as $$
begin
    perform tests.become('mc@alpha.test');
    insert into made
    select p_name, b ->> 'ticket_id', b ->> 'lead_id', b ->> 'customer_id'
    from api.crm_create_lead_bundle(jsonb_build_object(
        'company_name', p_company, 'pic_name', p_pic, 'email', p_email, 'contact_phone', p_phone, 'city_area', 'Surabaya',
        'service_code', 'EXI_AF', 'primary_channel', 'SEM', 'need_rfq', true, 'rfq_origin_address', 'Jl. Satu 1',
        'rfq_origin_city', 'Surabaya', 'rfq_origin_country', 'Indonesia', 'rfq_destination_address', 'Two Street 2',
        'rfq_destination_city', 'Hamburg', 'rfq_destination_country', 'Germany', 'rfq_cargo_category', 'Furniture', 'rfq_cargo_qty', 12,
        'rfq_cargo_dimensions', '1x2x3 m', 'rfq_cargo_weight', '1250.5', 'rfq_scope_of_work', 'door to port'
    )) b;
    perform set_config('role', 'none', true);
end
$$;
create function pg_temp.shown(p_name text, p_text text) returns text
language plpgsql
as $$
declare
    v_ticket_id text := (select m.ticket_id from made m where m.name = p_name);
begin
    perform tests.become('mc@alpha.test');
    perform api.ticket_update(v_ticket_id, jsonb_build_object('description', p_text));
    perform tests.become('exi@alpha.test');
    return (select v.description from api.v_ops_rfqs_masked v where v.ticket_id = v_ticket_id);
end
$$;

-- Names of two letters

select pg_temp.ask('xl', 'PT XL', 'Li Wu', 'office@xl-dagang.example', '0812-100-2001');
select pg_temp.ask('di', 'CV Di Ma', 'An', 'office@dima.example', '0812-100-2002');
select pg_temp.ask('kg', 'PT Kg Trans', 'Dr Bo', 'office@kgtrans.example', '0812-100-2003');
select pg_temp.ask('li', '李明', '王', 'office@liming.example', '0812-100-2004');
select pg_temp.ask('jaya', 'PT Sentosa Jaya', 'Jaya', 'office@sentosa.example', '0812-100-2005');
reset role;

select is(pg_temp.shown(t.ticket, t.given), t.wanted, t.why)
from (
    values
        ('xl', 'Mr Li asks for XL', 'Mr [masked] asks for [masked]', 'P13: a name of two letters is one where it stands alone'),
        ('xl', 'ask li, LI or wu_2031.pdf', 'ask [masked], [masked] or [masked]_2031.pdf', 'P13: in any spelling, in names of files'),
        ('xl', 'a list of oils, 12 XLs, Lille', 'a list of oils, 12 XLs, Lille', 'its letters in other words stay'),
        ('xl', 'PT.XL and LiWu', '[masked] and [masked]', 'P13: the whole of it also without a space'),
        ('di', 'dikirim di Jakarta, an export to be done', 'dikirim di Jakarta, an export to be done', 'a word of every day stays'),
        ('di', 'Pak Di, Ms AN', 'Pak [masked], Ms [masked]', 'P13: and is a name where it has a capital'),
        ('di', 'for CV Di Ma', 'for [masked]', 'P13: the company as a whole is masked'),
        ('di', 'predimaan, dimas', 'predimaan, dimas', 'but not within another word'),
        ('kg', '1250 KG, 3.5 kg, 12kg', '1250 KG, 3.5 kg, 12kg', 'the unit of a number is no name'),
        ('kg', 'KG wants it; Mr Bo and Dr Wo too', '[masked] wants it; Mr [masked] and Dr Wo too', 'P13: elsewhere it is; a title names nobody'),
        ('li', '我们是李明公司', '我们是[masked]公司', 'P13: where words have no spaces between them, names are found in them'),
        ('jaya', 'ask Jaya of Sentosa', 'ask [masked] of [masked]', 'P13: a person may have the name of many a company')
) as t (ticket, given, wanted, why);

-- Cities keep their words but for the name as a whole

reset role;
select tests.become('mc@alpha.test');
select api.ticket_update(m.ticket_id, '{"origin_city": "XL", "destination_city": "Lille", "cargo_category": "sizes S, M, Xl-boxes"}') from made m where m.name = 'xl';
select tests.become('exi@alpha.test');
select results_eq(
    format('select origin_city, destination_city, cargo_category from api.v_ops_rfqs_masked where ticket_id = %L', m.ticket_id),
    $$ values ('[masked]', 'Lille', 'sizes S, M, [masked]-boxes') $$, 'P13: a company of two letters is masked in what a quotation needs, too'
)
from made m
where m.name = 'xl';
reset role;

-- People who are deleted

select pg_temp.ask('gone', 'PT Tinggal', 'Sisa', 'sisa@tinggal.example', '0812-100-2006');
select tests.become('sa@alpha.test');
select isnt(
    api.crm_add_contact(m.customer_id, '{"full_name": "Pergi Jauh", "email": "pergi@kemana.example", "phone": "0813-222-3004"}') ->> 'contact_id', null,
    'somebody comes to a customer'
)
from made m
where m.name = 'gone';
select isnt(api.crm_update_contact(c.contact_id, '{"full_name": "Hilang"}') ->> 'contact_id', null, 'changes the name')
from api.contacts c
where c.full_name = 'Pergi Jauh';
select tests.become_owner();
delete from crm.contacts c where c.full_name = 'Hilang';
select is_empty($$ select from crm.contacts c where c.email like '%kemana%' $$, 'and is deleted');
select is(
    pg_temp.shown('gone', 'Hilang, once Pergi Jauh of Kemana, 0813 222 3004'), '[masked], once [masked] of [masked], [masked]',
    'P13: their names are masked all the same, also those of before'
);
reset role;
select is(
    pg_temp.shown('xl', 'Hilang, Pergi'), 'Hilang, Pergi', 'of that customer alone'
);
reset role;

-- People of the customer's other leads

select tests.become('mm@alpha.test');
select is(
    api.crm_create_lead_bundle('{
        "company_name": "PT Cabang Lain", "pic_name": "Rekan", "contact_phone": "0812-100-2006", "email": "sisa@tinggal.example",
        "city_area": "Solo", "service_code": "EXI_AF", "primary_channel": "SEM"
    }') ->> 'customer_id',
    m.customer_id, 'another lead of the same customer names it otherwise'
)
from made m
where m.name = 'gone';
reset role;
select is(
    pg_temp.shown('gone', 'as Rekan of Cabang Lain said'), 'as [masked] of [masked] said', 'P13: and those are its words, too'
);
reset role;

-- Messages and files go the same way

select tests.become('mc@alpha.test');
select isnt(api.ticket_post_message(m.ticket_id, '{"message": "Li and Hilang call"}') ->> 'message_id', null, 'somebody writes') from made m where m.name in ('xl', 'gone');
select tests.become('exi@alpha.test');
select is(
    api.desk_list_messages(m.ticket_id) #>> '{items,0,message}', case m.name when 'xl' then '[masked] and Hilang call' else 'Li and [masked] call' end,
    'P13: messages of ' || m.name
)
from made m
where m.name in ('xl', 'gone');

-- Pieces

reset role;
select is(desk.short_name(w.word), null, w.word || ' names nobody') from (values ('pt'), ('mr')) as w (word);

select * from finish();
rollback;
