-- Hands picked records to a staff: the one place where a record becomes assigned.

create or replace function members.hand_out(
    p_org_id uuid,
    p_staff_id uuid,
    p_assigned_by uuid,
    p_record_ids bigint[],
    p_batch_ids bigint[],
    p_replaces bigint[] default null,
    p_from text default 'available'
) returns integer
language plpgsql
-- By key: the arrays are short beside the tables.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := app.now();
    v_handed_out integer;
begin
    -- Assignments that are made from the records themselves, in the statement that hands those out, are not looked up anew.
    perform set_config('pgcrm.handing_out', 'on', true);
    with handed_out as (
        update members.records r
        set status = 'assigned',
            assigned_to = p_staff_id,
            assigned_at = v_now,
            assigned_by = p_assigned_by,
            batch_id = p.batch_id
        from unnest(p_record_ids, p_batch_ids, p_replaces) as p (record_id, batch_id, replaces)
        where r.org_id = p_org_id
          and r.record_id = p.record_id
          and r.status = p_from
        returning r.module, r.database_id, r.record_id, r.batch_id, p.replaces
    ),
    written as (
        insert into members.assignments (
            org_id, module, database_id, batch_id, record_id, staff_id, assigned_by, assigned_at, is_replacement,
            replaces_assignment_id
        )
        select
            p_org_id, h.module, h.database_id, h.batch_id, h.record_id, p_staff_id, p_assigned_by, v_now,
            h.replaces is not null, h.replaces
        from handed_out h
    )
    select count(*) into v_handed_out from handed_out h;
    perform set_config('pgcrm.handing_out', '', true);

    -- They were picked and locked by this very transaction: anything else would be a bug, and must not pass for success.
    if v_handed_out <> cardinality(p_record_ids) then
        perform app.fail('PT409', 'records.not_available', 'A record is not available any more.');
    end if;
    return v_handed_out;
end
$$;

comment on function members.hand_out(uuid, uuid, uuid, bigint[], bigint[], bigint[], text) is
    'p_record_ids: records of members.pick_records; p_batch_ids: the batch of each, null where the module has none; p_replaces: the assignment that each replaces; p_from: the status that all of them have, available or requested. Returns how many. Raises PT409 records.not_available (spec: member §5.10).';
revoke all on function members.hand_out(uuid, uuid, uuid, bigint[], bigint[], bigint[], text) from public;
