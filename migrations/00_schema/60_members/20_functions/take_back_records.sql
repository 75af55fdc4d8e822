-- Takes records back from whoever has them, and closes batches in which none is left.

create or replace function members.take_back_records(p_org_id uuid, p_record_ids bigint[]) returns bigint[]
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_batch_ids bigint[] := array(
        select distinct r.batch_id
        from members.records r
        where r.org_id = p_org_id and r.record_id = any (p_record_ids) and r.batch_id is not null
        order by r.batch_id
    );
    v_closed bigint[];
begin
    perform members.end_assignments(p_org_id, p_record_ids, 'recalled');
    perform members.release_records(p_org_id, p_record_ids);

    -- A batch without records is nobody's card any more. Locked first, in order: two who take back a half each would both
    -- find the other's.
    perform
    from members.batches b
    where b.org_id = p_org_id and b.batch_id = any (v_batch_ids)
    order by b.batch_id
    for no key update;
    with closed as (
        update members.batches b
        set closed_at = app.now()
        where b.org_id = p_org_id and b.batch_id = any (v_batch_ids) and b.closed_at is null
          and not exists (
              select
              from members.records r
              where r.org_id = b.org_id and r.module = b.module and r.database_id = b.database_id
                and r.batch_id = b.batch_id and r.assigned_to = b.staff_id and r.status = 'assigned'
          )
        returning b.batch_id
    )
    select coalesce(array_agg(c.batch_id order by c.batch_id), '{}') into v_closed from closed c;
    return v_closed;
end
$$;

comment on function members.take_back_records(uuid, bigint[]) is
    'p_record_ids: assigned records, locked by the caller, who holds members.lock_reservations. Returns the batches that are closed now (spec: member §5.10 recall, LD-15).';
revoke all on function members.take_back_records(uuid, bigint[]) from public;
