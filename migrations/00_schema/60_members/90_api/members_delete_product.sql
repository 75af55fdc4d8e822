-- Deletes a product that nothing refers to.

create or replace function api.members_delete_product(p_product_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: products are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('products', 'delete');
    perform from members.products p where p.org_id = app.org_id() and p.product_id = p_product_id for update;
    if not found then
        perform app.fail('PT404', 'product.not_found', 'There is no such product.', p_product_id::text);
    end if;
    if exists (select from members.databases d where d.org_id = app.org_id() and d.product_id = p_product_id)
        or exists (select from members.reservations r where r.org_id = app.org_id() and r.product_id = p_product_id)
        or exists (select from members.deleted_reservations r where r.org_id = app.org_id() and r.product_id = p_product_id)
        or exists (select from members.conflicts c where c.org_id = app.org_id() and c.product_id = p_product_id)
    then
        perform app.fail('PT409', 'product.in_use', 'Databases, reservations or conflicts are of this product.', p_product_id::text);
    end if;
    delete from members.products p where p.org_id = app.org_id() and p.product_id = p_product_id;
    perform app.emit('products.deleted', array[p_product_id::text], array['products']);
    return jsonb_build_object('product_id', p_product_id);
end
$$;

comment on function api.members_delete_product(bigint) is
    'Returns {product_id}. Raises PT403, PT404 product.not_found, PT409 product.in_use (spec: member §4, §5.1).';
revoke all on function api.members_delete_product(bigint) from public;
grant execute on function api.members_delete_product(bigint) to authenticated;
