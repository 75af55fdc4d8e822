-- Whose customer it counts as.

create view api.v_customer_primary_lead_owner with (security_invoker = true) as
select
    c.org_id,
    c.customer_id,
    l.lead_id as primary_lead_id,
    coalesce(l.sales_owner_user_id, p.owner_user_id) as primary_sales_owner_user_id,
    l.lead_date as primary_lead_date
from crm.customers c
left join lateral (
    select o.lead_id, o.sales_owner_user_id, o.lead_date
    from crm.leads o
    where o.org_id = c.org_id and o.customer_id = c.customer_id
      and o.sales_owner_user_id is not null and o.status <> 'Disqualified'
    order by o.lead_date desc, o.created_at desc, o.lead_id desc
    limit 1
) l on true
left join lateral (
    select o.owner_user_id
    from crm.prospects o
    where l.lead_id is null and o.org_id = c.org_id and o.customer_id = c.customer_id and o.counts
    order by o.created_at desc, o.prospect_id desc
    limit 1
) p on true
where c.org_id = (select app.org_id())
  and c.deleted_at is null;

comment on view api.v_customer_primary_lead_owner is
    'The newest lead with an owner, Disqualified ones apart, else the newest prospect, of what the reader may see; kpi.customers_of says the same of all (spec: command_center §1.2, §4).';
revoke all on api.v_customer_primary_lead_owner from public;
grant select on api.v_customer_primary_lead_owner to authenticated, analyst;
