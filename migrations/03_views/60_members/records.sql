-- Records of members as people read them.

create view api.records with (security_invoker = true) as
select
    r.org_id, r.record_id, r.module, r.database_id, d.name as database_name, d.product_id, coalesce(p.name, 'Unknown') as product_name, r.row_number,
    r.row_data, r.customer_id, r.customer_name, r.phone, r.status, r.batch_id, r.assigned_to, r.assigned_at, r.assigned_by,
    r.validation_status, r.validation_reason, r.validated_at,
    coalesce(a.is_replacement, false) as auto_replaced,
    case when o.record_id is null then '{}' else array[o.record_id] end as replaced_invalid_ids,
    r.archived_at, r.archived_by, r.is_reservation_conflict, r.request_id, r.whatsapp_status, r.whatsapp_status_updated_at,
    r.respond_status, r.respond_status_updated_at, r.created_at
from members.records r
join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id
left join members.products p on p.org_id = d.org_id and p.product_id = d.product_id
left join members.assignments a
    on a.org_id = r.org_id and a.record_id = r.record_id and a.is_live
left join members.assignments o
    on o.org_id = a.org_id and o.module = a.module and o.database_id = a.database_id and o.staff_id = a.staff_id
    and o.assignment_id = a.replaces_assignment_id
where r.org_id = (select app.org_id());

comment on view api.records is
    'Records that the reader may see, of databases that are not deleted; auto_replaced: it is a replacement, of replaced_invalid_ids (spec: member §4; LD-14: never more than one).';
revoke all on api.records from public;
grant select on api.records to authenticated, analyst;
