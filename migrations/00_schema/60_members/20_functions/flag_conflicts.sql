-- Flags the records that others have of customers who were just reserved.

create or replace function members.flag_conflicts(p_org_id uuid, p_reservation_ids bigint[]) returns void
language plpgsql
-- From the reservations, which are few, to the records: by index, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_record_ids bigint[];
begin
    -- In the order of their ids (design §3).
    v_record_ids := array(
        select r.record_id
        from members.records r
        where r.org_id = p_org_id
          and r.record_id = any (
              array(
                  select f.record_id
                  from members.reservations w
                  join members.reservation_keys k on k.org_id = w.org_id and k.reservation_id = w.reservation_id
                  cross join lateral (
                      select m.record_id
                      from members.record_keys m
                      where m.org_id = p_org_id and m.match_keys @> array[k.key]
                      offset 0
                  ) i
                  cross join lateral (
                      select c.record_id, c.database_id, c.assigned_to
                      from members.records c
                      where c.org_id = p_org_id and c.record_id = i.record_id and c.status = 'assigned'
                      offset 0
                  ) f
                  join members.databases d
                      on d.org_id = w.org_id and d.database_id = f.database_id and d.product_id = w.product_id
                  where w.org_id = p_org_id and w.reservation_id = any (p_reservation_ids) and w.status = 'approved'
                    and f.assigned_to <> w.staff_id
                    and d.deleted_at is null
              )
          )
        order by r.record_id
        for no key update
    );
    if cardinality(v_record_ids) = 0 then
        return;
    end if;

    insert into members.conflicts (
        org_id, record_id, module, database_id, database_name, product_id, reservation_id, customer_id, affected_staff_id,
        reserved_by_staff_id, invalidated_at
    )
    select distinct
        r.org_id, r.record_id, r.module, r.database_id, d.name, w.product_id, w.reservation_id, w.customer_id, r.assigned_to,
        w.staff_id, app.now()
    from members.records r
    join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id
    cross join lateral unnest(r.match_keys) as m (key)
    join members.reservation_keys k on k.org_id = r.org_id and k.product_id = d.product_id and k.key = m.key and k.is_approved
    join members.reservations w on w.org_id = k.org_id and w.reservation_id = k.reservation_id
    where r.org_id = p_org_id and r.record_id = any (v_record_ids) and r.status = 'assigned' and r.assigned_to <> w.staff_id
      and w.reservation_id = any (p_reservation_ids)
    order by w.reservation_id, r.record_id
    on conflict (org_id, record_id, reservation_id) where restored_at is null do nothing;

    update members.records r
    set is_reservation_conflict = true
    where r.org_id = p_org_id and r.record_id = any (v_record_ids) and r.status = 'assigned' and not r.is_reservation_conflict
      and exists (
          select
          from members.conflicts c
          where c.org_id = r.org_id and c.record_id = r.record_id and c.restored_at is null
      );
end
$$;

comment on function members.flag_conflicts(uuid, bigint[]) is
    'p_reservation_ids: approved ones. Every assigned record of the same product, in any module, that holds the customer in any value and is with somebody else is flagged and stays assigned; one line of the log for each. Callers hold members.lock_reservations alone (spec: member §5.7; cases 54, 55, BF-5, BF-16, BF-17).';
revoke all on function members.flag_conflicts(uuid, bigint[]) from public;
