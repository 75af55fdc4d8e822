-- Refuses a product that is not there.

create or replace function members.check_product(p_product_id bigint) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from members.products p where p.org_id = app.org_id() and p.product_id = p_product_id) then
        perform app.fail('PT404', 'product.not_found', 'There is no such product.', p_product_id::text);
    end if;
end
$$;

comment on function members.check_product(bigint) is 'Raises PT404 product.not_found unless it is one of the caller''s organisation.';
revoke all on function members.check_product(bigint) from public;
