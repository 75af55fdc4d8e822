-- Takes back the flags that reservations have put on others' records.

create or replace function members.unflag_conflicts(p_org_id uuid, p_reservation_ids bigint[], p_reason text) returns void
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_record_ids bigint[];
begin
    v_record_ids := array(
        select c.record_id
        from members.conflicts c
        where c.org_id = p_org_id and c.reservation_id = any (p_reservation_ids) and c.restored_at is null
    );
    if cardinality(v_record_ids) = 0 then
        return;
    end if;
    perform
    from members.records r
    where r.org_id = p_org_id and r.record_id = any (v_record_ids)
    order by r.record_id
    for no key update;

    update members.conflicts c
    set restored_at = app.now(), restored_reason = p_reason
    where c.org_id = p_org_id and c.reservation_id = any (p_reservation_ids) and c.restored_at is null;

    -- A record may hold two customers: it stays flagged while the other is reserved.
    update members.records r
    set is_reservation_conflict = false
    where r.org_id = p_org_id and r.record_id = any (v_record_ids) and r.is_reservation_conflict
      and not exists (
          select
          from members.conflicts c
          where c.org_id = r.org_id and c.record_id = r.record_id and c.restored_at is null
      );
end
$$;

comment on function members.unflag_conflicts(uuid, bigint[], text) is
    'p_reason: a restored_reason of members.conflicts. The log keeps its lines. Callers hold members.lock_reservations alone (spec: member §5.7; case 57, BF-11).';
revoke all on function members.unflag_conflicts(uuid, bigint[], text) from public;
