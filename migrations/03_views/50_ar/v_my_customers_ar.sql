-- What the reader's customers owe, with their names.

create view api.v_my_customers_ar with (security_invoker = true) as
select
    a.org_id,
    a.customer_id,
    c.company_name,
    a.currency,
    a.ar_total,
    a.bucket_current,
    a.bucket_1_30,
    a.bucket_31_60,
    a.bucket_61_90,
    a.bucket_90_plus,
    c.owner_ids
from api.v_ar_aging a
join crm.customers c on c.org_id = a.org_id and c.customer_id = a.customer_id;

comment on view api.v_my_customers_ar is
    'Rows of api.v_ar_aging with company_name and owner_ids of customers that the reader may see: a salesperson''s own, a manager''s team''s, finance''s all (spec: command_center §4, case 112).';
revoke all on api.v_my_customers_ar from public;
grant select on api.v_my_customers_ar to authenticated, analyst;
