-- One field that finds members, reservations, databases, products and, for admins, staff.

create or replace function api.members_search(p_q text, p_size integer default 10) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_word text := btrim(p_q, E' \t\r\n\u00a0');
    v_needle text := lower(v_word);
    v_written text := substr(to_jsonb(v_needle)::text, 2, length(to_jsonb(v_needle)::text) - 2);
    v_size integer := least(greatest(coalesce(p_size, 10), 1), 20);
    v_reach uuid[] := members.readable_staff();
    v_ids bigint[];
begin
    perform app.require('records', 'select');
    if coalesce(length(v_word), 0) not between 1 and 100 then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "q", "code": "search.q.length", "message": "must have from 1 to 100 characters"}]'
        );
    end if;

    if v_reach is null then
        -- Among millions: a whole value.
        v_ids := members.find_records(v_word, v_size);
    else
        v_ids := array(
            select r.record_id
            from members.records r
            where r.org_id = (select app.org_id()) and r.assigned_to = any (v_reach)
              and strpos(lower(r.row_data::text), v_written) > 0
              and exists (select from jsonb_each_text(r.row_data) c where strpos(lower(c.value), v_needle) > 0)
            order by r.record_id desc
            limit v_size
        );
    end if;

    return jsonb_build_object(
        'records', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'record_id', r.record_id, 'module', r.module, 'database_id', r.database_id, 'database_name', r.database_name,
                        'product_name', r.product_name, 'customer_id', r.customer_id, 'customer_name', r.customer_name,
                        'phone', r.phone, 'status', r.status, 'staff_id', r.assigned_to
                    )
                    order by array_position(v_ids, r.record_id)
                ),
                '[]'
            )
            from api.records r
            where r.record_id = any (v_ids)
        ),
        'reservations', (
            select coalesce(jsonb_agg(to_jsonb(f) order by f.reservation_id desc), '[]')
            from (
                select r.reservation_id, r.customer_id, r.product_name, r.staff_id, r.staff_name, r.status
                from api.reservations r
                where strpos(lower(r.customer_id), v_needle) > 0 or strpos(lower(r.customer_name), v_needle) > 0
                order by r.reservation_id desc
                limit v_size
            ) f
        ),
        'databases', (
            select coalesce(jsonb_agg(to_jsonb(f) order by f.database_id desc), '[]')
            from (
                select d.database_id, d.module, d.name, d.product_name
                from api.databases d
                where strpos(lower(d.name), v_needle) > 0
                order by d.database_id desc
                limit v_size
            ) f
        ),
        'products', (
            select coalesce(jsonb_agg(to_jsonb(f) order by f.name), '[]')
            from (
                select p.product_id, p.name from api.products p where strpos(lower(p.name), v_needle) > 0 order by p.name limit v_size
            ) f
        ),
        -- Whoever looks after staff finds them: admins, master admins alike (case 157).
        'people', (
            select coalesce(jsonb_agg(to_jsonb(f) order by f.full_name, f.user_id), '[]')
            from (
                select d.user_id, d.full_name, d.role_key
                from api.v_user_directory d
                where d.is_active
                  and (
                      (select app.can('user_activity', 'select', 'all'))
                      or ((select app.can('user_activity', 'select', 'team')) and d.user_id = any ((select app.team_ids())::uuid[]))
                  )
                  and strpos(lower(d.full_name), v_needle) > 0
                order by d.full_name, d.user_id
                limit v_size
            ) f
        )
    );
end
$$;

comment on function api.members_search(text, integer) is
    'p_q: 1 to 100 characters, looked for literally, in any case of letters: as part of any value of the records of whom the caller looks after, or, for those who see everybody''s, as a whole value of any record; as part of customers of reservations, names of databases, products and staff. p_size: 1 to 20 of each. Returns {records, reservations, databases, products, people}; people is empty for whoever looks after none. Raises PT401, PT403, PT422 (spec: member §5.25 global search, case 157, LD-31, LD-33).';
revoke all on function api.members_search(text, integer) from public;
grant execute on function api.members_search(text, integer) to authenticated;
