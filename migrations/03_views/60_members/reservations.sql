-- Reservations: one's own, and everybody's approved ones.

create view api.reservations with (security_invoker = true) as
select
    r.org_id, r.reservation_id, r.product_id, p.name as product_name, r.customer_id, r.customer_name, r.phone_number,
    r.staff_id, s.full_name as staff_name, r.status, r.created_by, r.created_at, r.approved_by, r.approved_at,
    r.is_permanent, r.last_deposit_on as last_omset_date, (select app.today()) - r.last_deposit_on as days_since_last_omset,
    r.auto_reassigned_at is not null as auto_reassigned, r.auto_reassigned_at, r.restored_on
from members.reservations r
join members.products p on p.org_id = r.org_id and p.product_id = r.product_id
left join api.v_user_directory s on s.org_id = r.org_id and s.user_id = r.staff_id
where r.org_id = (select app.org_id());

comment on view api.reservations is 'Reserved customers that the reader may see (spec: member §4, §5.6, case 11).';
revoke all on api.reservations from public;
grant select on api.reservations to authenticated, analyst;
