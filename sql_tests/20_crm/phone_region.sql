-- Another phone region: whoever is known by a number without a country code is found by it all the same.

begin;
select plan(9);

create temporary table made (name text primary key, id text);
grant all on made to public;
select tests.become('sa@alpha.test');
insert into made
select c.name, api.crm_create_customer(c.payload::jsonb) ->> 'customer_id'
from (
    values
        ('local', '{"company_name": "PT Lokal", "phone": "021-888-111"}'),
        ('abroad', '{"company_name": "PT Luar", "phone": "+65 888 2222"}'),
        ('person', '{"company_name": "PT Orang", "pic_name": "Ani", "pic_phone": "0812-888-333"}')
) as c (name, payload);
select api.app_change_settings('{"phone_region": "MY"}');
select tests.become_owner();
select results_eq(
    $$ select q.kind, q.state from app.job_queue q where q.kind like 'crm.%' $$, $$ values ('crm.refresh_phone_keys', 'waiting') $$, 'the work is ordered'
);
select is(crm.refresh_phone_keys('a0000000-0000-4000-8000-000000000000', 1), true, 'and done piece by piece');
select is(app.do_queued_job('a0000000-0000-4000-8000-000000000000', 'crm.refresh_phone_keys', 0, '{}'), false, 'until nothing is left');
select results_eq(
    $$
        select k.key
        from crm.customer_keys k
        join made m on m.id = k.customer_id
        where k.org_id = 'a0000000-0000-4000-8000-000000000000' and k.kind = 'phone'
        order by m.name
    $$,
    $$ values ('658882222'), ('6021888111'), ('60812888333') $$, 'a number without a country code is one of the region, another stays'
);
select tests.become('sa@alpha.test');
select is(
    api.crm_create_customer(format('{"company_name": "PT Baru %s", "phone": "%s"}', c.name, c.phone)::jsonb) ->> 'customer_id', m.id, 'case 16: ' || c.phone
)
from (values ('local', '021 888 111'), ('abroad', '0065 888 2222'), ('person', '+60 812 888 333')) as c (name, phone)
join made m on m.name = c.name;
select api.app_change_settings('{"bulk_limit": 5, "phone_region": "MY"}');
select tests.become_owner();
select is((select count(*) from app.job_queue q where q.kind like 'crm.%'), 1::bigint, 'what does not change orders nothing more');
delete from app.settings s where s.key = 'phone_region';
select app.do_queued_job('a0000000-0000-4000-8000-000000000000', 'crm.refresh_phone_keys', 0, '{}');
select is(
    (select c.phone_key from crm.customers c join made m on m.id = c.customer_id where m.name = 'local' and c.org_id = 'a0000000-0000-4000-8000-000000000000'),
    '6221888111', 'and back again'
);

select * from finish();
rollback;
