-- Leads as people read them.

create view api.leads with (security_invoker = true) as
select
    l.org_id,
    l.lead_id,
    l.lead_date,
    l.company_name,
    l.npwp,
    l.pic_name,
    l.contact_phone,
    l.email,
    l.city_area,
    l.country,
    l.service_code,
    l.route,
    l.est_volume_value,
    l.est_volume_unit,
    l.timeline,
    l.sourced_by,
    l.primary_channel,
    l.campaign_name,
    l.notes,
    l.status,
    l.next_step,
    l.due_date,
    l.sales_owner_user_id,
    l.assigned_at,
    l.assigned_by,
    -- Whose customer it is, is told only to those who can read the customer (decisions §5.1).
    c.customer_id,
    l.prospect_id,
    l.source_import_id,
    l.created_by,
    l.created_at,
    l.updated_at
from crm.leads l
left join crm.customers c on c.org_id = l.org_id and c.customer_id = l.customer_id
where l.org_id = (select app.org_id());

comment on view api.leads is
    'Leads that the reader may see; customer_id is null where the reader cannot read the customer (spec: command_center §1.7, decisions §5.1).';
revoke all on api.leads from public;
grant select on api.leads to authenticated, analyst;
