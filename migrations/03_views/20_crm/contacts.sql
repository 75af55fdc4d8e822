-- Contacts as people read them.

create view api.contacts with (security_invoker = true) as
select
    t.org_id,
    t.contact_id,
    t.customer_id,
    t.full_name,
    t.first_name,
    t.last_name,
    t.title,
    t.department,
    t.email,
    t.phone,
    t.mobile,
    t.is_primary,
    t.decision_maker,
    t.influencer,
    t.email_opt_in,
    t.sms_opt_in,
    t.email_opt_in_at,
    t.sms_opt_in_at,
    t.last_contacted_at,
    t.notes,
    t.version,
    t.created_by,
    t.created_at,
    t.updated_at
from crm.contacts t
where t.org_id = (select app.org_id());

comment on view api.contacts is 'Contacts of customers that the reader may see (spec: customers §1.2).';
revoke all on api.contacts from public;
grant select on api.contacts to authenticated, analyst;
