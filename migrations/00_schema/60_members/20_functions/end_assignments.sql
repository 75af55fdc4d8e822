-- Ends the live assignments of records.

create or replace function members.end_assignments(p_org_id uuid, p_record_ids bigint[], p_outcome text)
returns table (record_id bigint, assignment_id bigint)
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- Once, not for each of thousands.
    v_now timestamptz := app.now();
begin
    return query
    update members.assignments a
    set ended_at = v_now, outcome = p_outcome
    where a.org_id = p_org_id and a.record_id = any (p_record_ids) and a.is_live
    returning a.record_id, a.assignment_id;
end
$$;

comment on function members.end_assignments(uuid, bigint[], text) is
    'p_outcome: archived, recalled or deleted. Returns the assignment that ended for each record.';
revoke all on function members.end_assignments(uuid, bigint[], text) from public;
