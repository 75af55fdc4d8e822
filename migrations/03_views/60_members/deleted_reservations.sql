-- The archive of reservations.

create view api.deleted_reservations with (security_invoker = true) as
select
    r.org_id, r.deleted_id, r.product_id, p.name as product_name, r.customer_id, r.customer_name, r.phone_number, r.staff_id,
    s.full_name as staff_name, r.created_at, r.approved_at, r.is_permanent, r.last_deposit_on as last_omset_date, r.deleted_at,
    r.deleted_by, d.full_name as deleted_by_name, r.deleted_reason, r.grace_days_used, r.days_since_last_deposit
from members.deleted_reservations r
join members.products p on p.org_id = r.org_id and p.product_id = r.product_id
left join api.v_user_directory s on s.org_id = r.org_id and s.user_id = r.staff_id
left join api.v_user_directory d on d.org_id = r.org_id and d.user_id = r.deleted_by
where r.org_id = (select app.org_id());

comment on view api.deleted_reservations is
    'Reservations that were deleted or expired, for those who manage them; deleted_by is null for the system (spec: member §4).';
revoke all on api.deleted_reservations from public;
grant select on api.deleted_reservations to authenticated, analyst;
