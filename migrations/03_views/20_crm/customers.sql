-- Customers as people read them, with their primary contact.

create view api.customers with (security_invoker = true) as
select
    c.org_id,
    c.customer_id,
    c.company_name,
    c.legal_name,
    c.external_code,
    c.npwp,
    c.email,
    c.phone,
    c.website,
    c.address,
    c.city,
    c.country,
    c.status,
    c.customer_type,
    c.size,
    c.industry,
    c.registration_number,
    c.parent_customer_id,
    c.credit_limit,
    c.credit_hold,
    c.credit_hold_reason,
    c.credit_hold_at,
    c.health_score,
    c.health_score_updated_at,
    c.custom_fields,
    c.external_ref,
    pic.full_name as pic_name,
    pic.phone as pic_phone,
    pic.email as pic_email,
    c.owner_ids,
    c.creator_ids,
    c.version,
    c.created_by,
    c.created_at,
    c.updated_at
from crm.customers c
left join crm.contacts pic on pic.org_id = c.org_id and pic.customer_id = c.customer_id and pic.is_primary
where c.org_id = (select app.org_id());

comment on view api.customers is
    'Customers that the reader may see; pic_* is the primary contact (spec: command_center §2.3, customers §1.1; decisions §5.6).';
revoke all on api.customers from public;
grant select on api.customers to authenticated, analyst;
