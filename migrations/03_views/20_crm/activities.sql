-- Activities as people read them.

create view api.activities with (security_invoker = true) as
select
    a.org_id,
    a.activity_id,
    a.activity_type,
    a.direction,
    -- As in api.leads: only for those who can read the customer (decisions §5.1).
    c.customer_id,
    case when c.customer_id is not null then a.contact_id end as contact_id,
    a.lead_id,
    a.prospect_id,
    a.ticket_id,
    a.subject,
    a.notes,
    a.outcome,
    a.duration_minutes,
    a.evidence_photo_url,
    a.gps_lat,
    a.gps_lng,
    a.scheduled_at,
    a.completed_at,
    a.metadata,
    a.created_by,
    a.created_at
from crm.activities a
left join crm.customers c on c.org_id = a.org_id and c.customer_id = a.customer_id
where a.org_id = (select app.org_id());

comment on view api.activities is
    'Activities that the reader may see; customer and contact only where the reader can read the customer (spec: command_center §2.3, customers §1.4).';
revoke all on api.activities from public;
grant select on api.activities to authenticated, analyst;
