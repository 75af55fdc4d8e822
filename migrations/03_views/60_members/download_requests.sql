-- Requests for records of normal databases.

create view api.download_requests with (security_invoker = true) as
select
    q.org_id, q.request_id, q.database_id, d.name as database_name, d.product_id, coalesce(p.name, 'Unknown') as product_name,
    q.staff_id as requested_by, u.full_name as requested_by_name, q.record_count, q.skipped_reserved_count, q.withheld_count,
    q.status, q.requested_at, q.reviewed_by,
    case when q.is_auto_approved then 'Auto-Approved' else v.full_name end as reviewed_by_name, q.reviewed_at,
    q.is_auto_approved as auto_approved, q.batch_id
from members.download_requests q
join members.databases d on d.org_id = q.org_id and d.database_id = q.database_id
left join members.products p on p.org_id = d.org_id and p.product_id = d.product_id
left join api.v_user_directory u on u.user_id = q.staff_id
left join api.v_user_directory v on v.user_id = q.reviewed_by
where q.org_id = (select app.org_id());

comment on view api.download_requests is 'Requests that the reader may see, of databases that are not deleted (spec: member §4).';
revoke all on api.download_requests from public;
grant select on api.download_requests to authenticated, analyst;
