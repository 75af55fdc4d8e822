-- Half a year of leads, invoices, tickets and what people did, in organisation alpha. Placeholders: leads, invoices,
-- tickets (how many) and org. Written past the triggers: what matters here is what is computed from the rows.
--
-- Numbers look random and are the same each time. Many moments lie near midnight in Jakarta, which is 17:00 UTC.

set local session_replication_role = replica;

create function pg_temp.pick(p_number bigint, p_salt text, p_below integer) returns integer
language sql
immutable
as $$ select (('x' || substr(md5(p_number || p_salt), 1, 8))::bit(32)::bigint %% p_below)::integer $$;

create function pg_temp.one_of(p_number bigint, p_salt text, p_choices text[]) returns text
language sql
immutable
as $$ select p_choices[1 + pg_temp.pick(p_number, p_salt, cardinality(p_choices))] $$;


create temporary table who on commit drop as
select split_part(p.email, '@', 1) as name, p.user_id from app.profiles p where p.email like '%%@alpha.test';

insert into crm.customers (org_id, customer_id, company_name)
select %(org)s, 'C' || n, 'Company ' || n
from generate_series(0, %(leads)s / 5) n;

-- One or two people pursue a customer.
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, counts, created_at)
select
    %(org)s, 'P' || n || w.name, 'C' || n, w.user_id, pg_temp.pick(n, w.name || 'counts', 10) > 0,
    timestamptz '2025-12-01' + make_interval(hours => pg_temp.pick(n, w.name || 'prospect', 4000))
from generate_series(0, %(leads)s / 5) n
join who w on w.name = pg_temp.one_of(n, 'owner', '{sp1,sp2,sp3}') or (n %% 3 = 0 and w.name = pg_temp.one_of(n, 'second', '{sp1,sp2,sp3}'));

insert into crm.leads (
    org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by, primary_channel,
    campaign_name, status, next_step, due_date, customer_id, prospect_id, created_by, sales_owner_user_id, created_at
)
select
    %(org)s, 'L' || n, date '2025-12-01' + pg_temp.pick(n, 'day', 212), 'Company', 'PIC', '0812', 'p@x.test', 'Jakarta', 'EXI_AF',
    pg_temp.one_of(n, 'sourced', '{Marketing,Marketing,Sales}'),
    pg_temp.one_of(n, 'channel', '{SEM,SEM,Paid Social,Sales Outbound,Other,LinkedIn}'),
    (array[null, ' ', 'Lebaran', 'Spring'])[1 + pg_temp.pick(n, 'campaign', 4)],
    pg_temp.one_of(n, 'status', '{New,Contacted,Qualified,Disqualified,Closed Won}'), 'Call', '2026-12-31',
    p.customer_id, p.prospect_id, c.user_id, o.user_id,
    timestamptz '2025-11-30 16:50+00' + make_interval(days => pg_temp.pick(n, 'day', 212), mins => pg_temp.pick(n, 'minute', 1440))
from generate_series(1, %(leads)s) n
cross join lateral (
    select p.customer_id, p.prospect_id
    from crm.prospects p
    where p.org_id = %(org)s and p.customer_id = 'C' || pg_temp.pick(n, 'customer', %(leads)s / 5)
    order by p.prospect_id
    limit 1
) p
join who c on c.name = pg_temp.one_of(n, 'creator', '{mc,dgo,mm,sp1,sp2,sp3}')
left join who o on o.name = pg_temp.one_of(n, 'has', '{sp1,sp2,sp3,nobody}');

-- The first assignment, and for some a second one.
insert into crm.lead_assignments (org_id, lead_id, to_user_id, assigned_at)
select l.org_id, l.lead_id, l.sales_owner_user_id, l.created_at + make_interval(mins => pg_temp.pick(substr(l.lead_id, 2)::bigint, 'assigned', 2000))
from crm.leads l
where l.org_id = %(org)s and l.sales_owner_user_id is not null;
insert into crm.lead_assignments (org_id, lead_id, from_user_id, to_user_id, assigned_at)
select
    a.org_id, a.lead_id, a.to_user_id, w.user_id, a.assigned_at + make_interval(hours => 1 + pg_temp.pick(substr(a.lead_id, 2)::bigint, 'again', 200))
from crm.lead_assignments a
left join who w on w.name = pg_temp.one_of(substr(a.lead_id, 2)::bigint, 'to', '{sp1,sp2,sp3,nobody}') and w.user_id <> a.to_user_id
where a.org_id = %(org)s and pg_temp.pick(substr(a.lead_id, 2)::bigint, 'twice', 4) = 0;

-- About leads, about prospects, about customers; done and still to be done; by the owner or somebody else.
insert into crm.activities (
    org_id, activity_type, direction, customer_id, lead_id, prospect_id, notes, evidence_photo_url, gps_lat, gps_lng,
    scheduled_at, completed_at, created_by
)
select
    %(org)s, a.type, pg_temp.one_of(n, 'direction', '{outbound,outbound,inbound,internal}'), l.customer_id,
    case when a.about < 5 then l.lead_id end, case when a.about < 8 then l.prospect_id end, 'x', 'https://photos.example/p.jpg', 0, 0, l.created_at,
    case
        when pg_temp.pick(n, 'open', 10) > 0
            then l.created_at + make_interval(mins => pg_temp.pick(n, 'when', 4000) * pg_temp.pick(n, 'scale', 4))
    end,
    w.user_id
from generate_series(1, 2 * %(leads)s) n
cross join lateral (
    select
        pg_temp.one_of(n, 'type', '{visit,call,online_meeting,email,whatsapp,note,meeting}') as type, pg_temp.pick(n, 'about', 10) as about
) a
join crm.leads l on l.org_id = %(org)s and l.lead_id = 'L' || (1 + n / 2)
join who w on w.name = pg_temp.one_of(n, 'author', '{sp1,sp2,sp3}');

insert into crm.prospect_stage_history (org_id, prospect_id, from_stage, to_stage, changed_by, changed_at)
select
    p.org_id, p.prospect_id, case when k > 0 then 'Prospect Created' end, 'Initial Contact', w.user_id,
    p.created_at + make_interval(hours => k * pg_temp.pick(substring(p.prospect_id from '\d+')::bigint, 'stage' || k, 2000))
from crm.prospects p
cross join generate_series(0, 2) k
join who w on w.name = pg_temp.one_of(substring(p.prospect_id from '\d+')::bigint, 'mover' || k, '{sp1,sp2,sp3}')
where p.org_id = %(org)s;

insert into app.audit_logs (org_id, table_name, record_id, action, changed_by, changed_at, changed_fields, after_data)
select
    %(org)s, pg_temp.one_of(n, 'table', '{crm.leads,crm.leads,crm.customers}'), 'L' || n, 'UPDATE', w.user_id,
    l.created_at + make_interval(mins => pg_temp.pick(n, 'moved', 6000)),
    case when pg_temp.pick(n, 'field', 3) = 0 then '{notes}'::text[] else '{notes,status}' end,
    jsonb_build_object('status', pg_temp.one_of(n, 'into', '{Contacted,Qualified}'))
from generate_series(1, %(leads)s) n
join crm.leads l on l.org_id = %(org)s and l.lead_id = 'L' || n
join who w on w.name = pg_temp.one_of(n, 'by', '{sp1,sp2,sp3,mm}')
where pg_temp.pick(n, 'audited', 2) = 0;

insert into desk.tickets (org_id, ticket_id, ticket_type, inquiry_status, ticket_status, dept_target, subject, created_by, created_at)
select
    %(org)s, 'T' || n, t.type, case t.type when 'inquiry tariff' then 'OPEN' end, case t.type when 'general request' then 'OPEN' end,
    'EXI', 'x', w.user_id,
    timestamptz '2025-11-30 16:59+00' + make_interval(days => pg_temp.pick(n, 'ticket', 212), mins => pg_temp.pick(n, 'opened', 1440))
from generate_series(1, %(tickets)s) n
cross join lateral (select pg_temp.one_of(n, 'kind', '{inquiry tariff,inquiry tariff,general request}') as type) t
join who w on w.name = pg_temp.one_of(n, 'opener', '{sp1,sp2,sp3,mc}');
insert into desk.sla_events (org_id, ticket_id, event_type, event_at)
select t.org_id, t.ticket_id, e.type, t.created_at + make_interval(secs => 1 + pg_temp.pick(substr(t.ticket_id, 2)::bigint, e.type, 90000))
from desk.tickets t
cross join (values ('OPENED'), ('FIRST_RESPONSE')) as e (type)
where t.org_id = %(org)s and (e.type = 'OPENED' or pg_temp.pick(substr(t.ticket_id, 2)::bigint, 'answered', 4) > 0);

insert into ar.invoices (
    org_id, invoice_id, customer_id, invoice_date, due_date, invoice_amount, currency, status, voided_at, void_reason
)
select
    %(org)s, 'I' || n, 'C' || pg_temp.pick(n, 'buyer', %(leads)s / 5), i.day, i.day + pg_temp.pick(n, 'due', 45),
    1 + pg_temp.pick(n, 'amount', 2000000000) / 100.0, pg_temp.one_of(n, 'currency', '{IDR,IDR,IDR,IDR,USD}'),
    case when i.is_void then 'VOID' else 'SENT' end, case when i.is_void then now() end, case when i.is_void then 'wrong' end
from generate_series(1, %(invoices)s) n
cross join lateral (
    select date '2025-12-01' + pg_temp.pick(n, 'invoiced', 212) as day, pg_temp.pick(n, 'void', 12) = 0 as is_void
) i;
-- In up to two parts, some taken back later.
insert into ar.payments (org_id, payment_id, invoice_id, payment_date, amount)
overriding system value
select i.org_id, n * 10 + k, i.invoice_id, i.invoice_date + pg_temp.pick(n, 'paid' || k, 90), round(i.invoice_amount / 2, 2)
from generate_series(1, %(invoices)s) n
cross join generate_series(1, 2) k
join ar.invoices i on i.org_id = %(org)s and i.invoice_id = 'I' || n and i.status <> 'VOID'
where pg_temp.pick(n, 'pays' || k, 3) > 0;
insert into ar.payments (org_id, payment_id, invoice_id, payment_date, amount, reversed_payment_id)
overriding system value
select p.org_id, p.payment_id + 5, p.invoice_id, p.payment_date + pg_temp.pick(p.payment_id, 'back', 20), p.amount, p.payment_id
from ar.payments p
where p.org_id = %(org)s and pg_temp.pick(p.payment_id, 'reversed', 8) = 0;

insert into kpi.marketing_spend (org_id, channel, spend_date, amount, created_by)
select
    %(org)s, pg_temp.one_of(n, 'on', '{SEM,Paid Social,LinkedIn}'), date '2025-12-01' + pg_temp.pick(n, 'spent', 212),
    pg_temp.pick(n, 'cost', 500000000) / 100.0, w.user_id
from generate_series(1, 400) n
join who w on w.name = pg_temp.one_of(n, 'spender', '{mc,dgo}');

