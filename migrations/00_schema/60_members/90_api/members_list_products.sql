-- All products, by name.

create or replace function api.members_list_products() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('products', 'select');
    return jsonb_build_object(
        'items', (select coalesce(jsonb_agg(to_jsonb(p) - 'org_id' order by lower(p.name)), '[]') from api.products p)
    );
end
$$;

comment on function api.members_list_products() is 'Returns {items: rows of api.products}. Raises PT401, PT403 (spec: member §5.1).';
revoke all on function api.members_list_products() from public;
grant execute on function api.members_list_products() to authenticated;
