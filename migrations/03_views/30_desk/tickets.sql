-- Tickets as people read them.

create view api.tickets with (security_invoker = true) as
select
    t.org_id,
    t.ticket_id,
    t.ticket_type,
    t.inquiry_status,
    t.ticket_status,
    t.dept_target,
    t.service_code,
    t.assigned_to,
    l.lead_id as related_lead_id,
    -- As in api.leads: only for those who can read the customer (decisions §5.1).
    c.customer_id as related_customer_id,
    t.subject,
    t.description,
    t.origin_address,
    t.origin_city,
    t.origin_country,
    t.destination_address,
    t.destination_city,
    t.destination_country,
    t.cargo_category,
    t.cargo_qty,
    t.cargo_dimensions,
    t.cargo_weight,
    t.scope_of_work,
    t.need_customer_masking,
    t.close_reason,
    t.competitor_rate,
    t.customer_budget,
    t.created_by,
    t.created_at,
    t.updated_at,
    t.closed_at,
    k.first_response_at,
    k.first_response_due_at,
    k.resolution_due_at,
    k.paused_at is not null as is_paused,
    k.first_response_breached_at is not null as is_first_response_late,
    k.resolution_breached_at is not null as is_resolution_late,
    -- What is masked for its reader is no row here.
    false as is_masked
from desk.tickets t
left join desk.ticket_clocks k on k.org_id = t.org_id and k.ticket_id = t.ticket_id
left join crm.leads l on l.org_id = t.org_id and l.lead_id = t.related_lead_id
left join crm.customers c on c.org_id = t.org_id and c.customer_id = t.related_customer_id
where t.org_id = (select app.org_id());

comment on view api.tickets is
    'Tickets that the reader may see; lead and customer only where the reader can read them (spec: command_center §1.7).';
revoke all on api.tickets from public;
grant select on api.tickets to authenticated, analyst;
