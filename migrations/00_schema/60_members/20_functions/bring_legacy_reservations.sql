-- Brings in reservations of the previous system.

create or replace function members.bring_legacy_reservations(p_org_id uuid) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_brought integer;
begin
    with judged as materialized (
        select
            r.legacy_id, r.created_at,
            p.product_id, u.user_id as staff_id,
            members.match_keys(array[r.customer_id, r.customer_name]) as keys,
            case
                when members.match_key(coalesce(r.customer_id, r.customer_name)) is null then 'customer.missing'
                when p.product_id is null then 'product.unknown'
                when u.user_id is null then 'staff.unknown'
                when r.status is null or r.status not in ('pending', 'approved') then 'status.unknown'
            end as reason
        from members.legacy_reservations r
        left join members.products p on p.org_id = r.org_id and p.name_key = lower(btrim(r.product_name))
        left join app.profiles u on u.org_id = r.org_id and u.email = lower(btrim(r.staff)) and u.is_active
        where r.org_id = p_org_id and r.reservation_id is null
    ),
    -- Of duplicates the oldest stays (spec: member §5.6).
    verdicts as (
        select
            j.legacy_id, j.product_id, j.staff_id,
            coalesce(
                j.reason,
                case
                    when exists (
                        select
                        from members.reservation_keys k
                        where k.org_id = p_org_id and k.product_id = j.product_id and k.key = any (j.keys)
                    ) or exists (
                        select
                        from judged o
                        where o.reason is null and o.product_id = j.product_id and o.keys && j.keys
                          and (o.created_at, o.legacy_id) < (j.created_at, j.legacy_id)
                    ) then 'duplicate'
                end
            ) as reason
        from judged j
    ),
    refused as (
        update members.legacy_reservations r
        set refused_reason = v.reason
        from verdicts v
        where r.org_id = p_org_id and r.legacy_id = v.legacy_id and v.reason is not null and r.refused_reason is distinct from v.reason
    ),
    wanted as materialized (
        select v.*, nextval(pg_get_serial_sequence('members.reservations', 'reservation_id')) as reservation_id
        from verdicts v
        where v.reason is null
    ),
    made as (
        insert into members.reservations (
            org_id, reservation_id, product_id, customer_id, customer_name, phone_number, staff_id, status, created_at, approved_at,
            is_permanent, last_deposit_on
        )
        overriding system value
        select
            p_org_id, w.reservation_id, w.product_id, btrim(coalesce(nullif(btrim(r.customer_id), ''), r.customer_name)),
            -- Longer ones are nobody's name, and match nothing.
            case when length(r.customer_name) <= 200 then r.customer_name end,
            left(r.phone_number, 100), w.staff_id, r.status, coalesce(r.created_at, app.now()),
            case when r.status = 'approved' then coalesce(r.approved_at, r.created_at, app.now()) end, r.is_permanent, r.last_omset_date
        from wanted w
        join members.legacy_reservations r on r.org_id = p_org_id and r.legacy_id = w.legacy_id
        order by w.reservation_id
        returning reservation_id
    )
    update members.legacy_reservations r
    set reservation_id = w.reservation_id, refused_reason = null
    from wanted w
    join made m on m.reservation_id = w.reservation_id
    where r.org_id = p_org_id and r.legacy_id = w.legacy_id;
    get diagnostics v_brought = row_count;
    return v_brought;
end
$$;

comment on function members.bring_legacy_reservations(uuid) is
    'Returns how many; those that are not have a refused_reason: customer.missing, product.unknown, staff.unknown, status.unknown, duplicate (spec: member §5.6). Callers hold members.lock_reservations alone; records come first, so that conflicts are flagged.';
revoke all on function members.bring_legacy_reservations(uuid) from public;
