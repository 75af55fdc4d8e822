-- Tells staff whose records a reservation took.

create or replace function members.tell_conflicts(p_org_id uuid, p_reservation_ids bigint[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform members.tell(p_org_id, coalesce(jsonb_agg(to_jsonb(m)), '[]'))
    from (
        select
            c.affected_staff_id as user_id,
            'record_invalidated_reserved' as topic,
            format('%s was reserved by %s', w.customer_id, u.full_name) as title,
            'members.reservations' as entity_table,
            w.reservation_id::text as entity_id,
            jsonb_build_object('reservation_id', w.reservation_id, 'product_id', w.product_id, 'records', count(*)) as data
        from members.conflicts c
        join members.reservations w on w.org_id = c.org_id and w.reservation_id = c.reservation_id
        join app.profiles u on u.org_id = w.org_id and u.user_id = w.staff_id
        where c.org_id = p_org_id and c.reservation_id = any (p_reservation_ids) and c.restored_at is null
        group by c.affected_staff_id, w.org_id, w.customer_id, w.reservation_id, w.product_id, u.full_name
        order by w.reservation_id, c.affected_staff_id
    ) m;
end
$$;

comment on function members.tell_conflicts(uuid, bigint[]) is
    'One notification to each affected staff for each reservation; its title quotes an approved reservation, which every staff may see (spec: member §5.7, §5.22).';
revoke all on function members.tell_conflicts(uuid, bigint[]) from public;
