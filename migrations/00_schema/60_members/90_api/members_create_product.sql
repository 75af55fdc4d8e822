-- Adds a product.

create or replace function api.members_create_product(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: products are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_product members.products;
    v_answer jsonb;
begin
    perform app.require('products', 'insert');
    v_wanted := app.read_payload('product', payload, '{"name": {"kind": "text", "required": true, "maximum": 100}}');
    v_answer := app.replay('members_create_product', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    insert into members.products (org_id, name, created_by)
    values (app.org_id(), v_wanted ->> 'name', app.uid())
    on conflict on constraint products_name_key do nothing
    returning * into v_product;
    if not found then
        perform app.fail('PT409', 'product.name.duplicate', 'There is a product of this name already.');
    end if;
    perform app.emit('products.created', array[v_product.product_id::text], array['products']);
    return app.remember(
        'members_create_product', payload,
        jsonb_build_object('product_id', v_product.product_id, 'name', v_product.name, 'created_at', v_product.created_at)
    );
end
$$;

comment on function api.members_create_product(jsonb) is
    'payload {name}. Returns {product_id, name, created_at}. Raises PT403, PT409 product.name.duplicate in any case of letters, PT422 (spec: member §5.1).';
revoke all on function api.members_create_product(jsonb) from public;
grant execute on function api.members_create_product(jsonb) to authenticated;
