-- Products.

create view api.products with (security_invoker = true) as
select p.org_id, p.product_id, p.name, p.created_at
from members.products p
where p.org_id = (select app.org_id());

comment on view api.products is 'Products of the organisation (spec: member §5.1).';
revoke all on api.products from public;
grant select on api.products to authenticated, analyst;
