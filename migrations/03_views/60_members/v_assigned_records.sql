-- Records of normal databases that are with somebody, and how far that person has come with them: what the screens of staff,
-- All Assignments and Staff Progress are made of.

create view api.v_assigned_records with (security_invoker = true) as
select
    r.org_id, r.record_id, r.database_id, d.name as database_name, d.product_id, coalesce(p.name, 'Unknown') as product_name,
    r.row_number, r.row_data, r.customer_id, r.customer_name, r.phone, r.request_id, r.batch_id, r.assigned_to as staff_id,
    r.assigned_at, r.whatsapp_status, r.whatsapp_status_updated_at, r.respond_status, r.respond_status_updated_at,
    -- When it was last worked on, and which day that was where the organisation is.
    greatest(r.whatsapp_status_updated_at, r.respond_status_updated_at) as checked_at,
    (
        greatest(r.whatsapp_status_updated_at, r.respond_status_updated_at) at time zone (select app.setting('time_zone') #>> '{}')
    )::date as checked_on,
    r.validation_status, r.is_reservation_conflict
from members.records r
join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id
left join members.products p on p.org_id = d.org_id and p.product_id = d.product_id
where r.org_id = (select app.org_id())
  and r.module = 'normal'
  and r.status = 'assigned';

comment on view api.v_assigned_records is
    'One row for each assigned record of a normal database; checked_at: the later of the two status times, checked_on: its day in the organisation''s time zone (spec: member §5.4, §5.5).';
revoke all on api.v_assigned_records from public;
grant select on api.v_assigned_records to authenticated, analyst;
