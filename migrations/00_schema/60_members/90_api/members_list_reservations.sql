-- Reservations that the caller may see, newest first.

create or replace function api.members_list_reservations(
    p_status text default null,
    p_product_id bigint default null,
    p_staff_id uuid default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'reservation_id')::bigint;
    v_found jsonb;
begin
    perform app.require('reservations', 'select');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.reservation_id desc)
    into v_found
    from (
        select r.*
        from api.reservations r
        where (p_status is null or r.status = p_status)
          and (p_product_id is null or r.product_id = p_product_id)
          and (p_staff_id is null or r.staff_id = p_staff_id)
          and (v_after is null or r.reservation_id < v_after)
        order by r.reservation_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_found - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_found) > v_limit
                then jsonb_build_object('reservation_id', v_found -> (v_limit - 1) -> 'reservation_id')
        end
    );
end
$$;

comment on function api.members_list_reservations(text, bigint, uuid, integer, jsonb) is
    'p_status: pending or approved, null = both; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.reservations, next}. Raises PT401, PT403 (spec: member §5.6, §8; case 44).';
revoke all on function api.members_list_reservations(text, bigint, uuid, integer, jsonb) from public;
grant execute on function api.members_list_reservations(text, bigint, uuid, integer, jsonb) to authenticated;
