-- Deletes records for good, with their assignments.

create or replace function members.delete_records(p_org_id uuid, p_record_ids bigint[]) returns void
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    -- What replaced one of them stays a replacement; of what, nobody can say any more.
    update members.assignments a
    set replaces_assignment_id = null
    from members.records r
    join members.assignments o
        on o.org_id = r.org_id and o.record_id = r.record_id
    where r.org_id = p_org_id
      and r.record_id = any (p_record_ids)
      and a.org_id = o.org_id
      and a.module = o.module
      and a.database_id = o.database_id
      and a.staff_id = o.staff_id
      and a.batch_no = o.batch_no
      and a.replaces_assignment_id = o.assignment_id;

    delete from members.records r where r.org_id = p_org_id and r.record_id = any (p_record_ids);
end
$$;

comment on function members.delete_records(uuid, bigint[]) is 'Records must be locked by the caller (spec: member §5.10).';
revoke all on function members.delete_records(uuid, bigint[]) from public;
