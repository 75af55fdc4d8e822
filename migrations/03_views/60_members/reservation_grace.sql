-- Days of grace that products have of their own.

create view api.reservation_grace with (security_invoker = true) as
select g.org_id, g.product_id, p.name as product_name, g.grace_days
from members.reservation_grace g
join members.products p on p.org_id = g.org_id and p.product_id = g.product_id
where g.org_id = (select app.org_id());

comment on view api.reservation_grace is 'Overrides of the setting reservation_grace_days (spec: member §4, §5.6).';
revoke all on api.reservation_grace from public;
grant select on api.reservation_grace to authenticated, analyst;
