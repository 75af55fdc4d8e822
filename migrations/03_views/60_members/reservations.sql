-- Reservations: one's own, and everybody's approved ones.

create view api.reservations with (security_invoker = true) as
select
    r.org_id, r.reservation_id, r.product_id, p.name as product_name, r.customer_id, r.customer_name, r.phone_number,
    r.staff_id, r.status, r.created_by, r.created_at, r.approved_by, r.approved_at
from members.reservations r
join members.products p on p.org_id = r.org_id and p.product_id = r.product_id
where r.org_id = (select app.org_id());

comment on view api.reservations is 'Reserved customers that the reader may see (spec: member §5.6, case 11).';
revoke all on api.reservations from public;
grant select on api.reservations to authenticated, analyst;
