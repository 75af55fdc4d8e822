-- Which rows of members.products are whose: everybody's who has to do with members (spec: member §8; decisions §1.2).

create policy products_select on members.products
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('products', 'select', 'all'))
    )
);
