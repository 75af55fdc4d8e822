-- Archives invalid records: they keep batch and assignee, and count for nobody any more.

create or replace function members.archive_records(p_org_id uuid, p_record_ids bigint[], p_archived_by uuid)
returns table (record_id bigint, assignment_id bigint)
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := app.now();
begin
    update members.records r
    set status = 'invalid_archived', archived_at = v_now, archived_by = p_archived_by, is_reservation_conflict = false
    where r.org_id = p_org_id and r.record_id = any (p_record_ids);

    return query
    select e.record_id, e.assignment_id
    from members.end_assignments(p_org_id, p_record_ids, 'archived') e;
end
$$;

comment on function members.archive_records(uuid, bigint[], uuid) is
    'p_record_ids: assigned records, locked by the caller; p_archived_by: null = the system. Returns the assignment that ended for each (spec: member §5.10).';
revoke all on function members.archive_records(uuid, bigint[], uuid) from public;
