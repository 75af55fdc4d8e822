-- A page of the customers who owe something, with how old it is.

create or replace function api.ar_list_customers(p_limit integer default 50, p_after jsonb default null) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select api.ar_dso('{"type": "my-customers"}', p_limit, p_after) - 'type'
$$;

comment on function api.ar_list_customers(integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.v_my_customers_ar by customer_id and currency, next}. Raises PT401, PT403 permission.denied (spec: command_center §4, §7).';
revoke all on function api.ar_list_customers(integer, jsonb) from public;
grant execute on function api.ar_list_customers(integer, jsonb) to authenticated;
