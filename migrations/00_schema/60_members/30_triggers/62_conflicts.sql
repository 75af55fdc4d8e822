-- A record that is nobody's any more is in conflict with nobody: its lines of the log end. They are the history themselves: no audit.

create or replace function members.records_end_conflicts() returns trigger
language plpgsql
security definer -- keeps members.conflicts, which nobody can write
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        update members.conflicts c
        set restored_at = app.now(), restored_reason = 'record_deleted'
        from old_rows o
        where o.is_reservation_conflict and c.org_id = o.org_id and c.record_id = o.record_id and c.restored_at is null;
    -- Nearly always nothing was flagged.
    elsif exists (select from old_rows o where o.is_reservation_conflict) then
        update members.conflicts c
        set restored_at = app.now(),
            restored_reason = case n.status when 'invalid_archived' then 'archived' else 'recalled' end
        from old_rows o
        join new_rows n on n.org_id = o.org_id and n.record_id = o.record_id
        where o.is_reservation_conflict and n.status <> 'assigned'
          and c.org_id = o.org_id and c.record_id = o.record_id and c.restored_at is null;
    end if;
    return null;
end
$$;

comment on function members.records_end_conflicts() is
    'Statement trigger: recall, archive and deletion end the open conflicts of records (spec: member §5.10 recall clears the conflict flag).';
revoke all on function members.records_end_conflicts() from public;

create or replace trigger records_60_conflicts_update
after update on members.records
referencing old table as old_rows new table as new_rows
for each statement execute function members.records_end_conflicts();

create or replace trigger records_61_conflicts_delete
after delete on members.records
referencing old table as old_rows
for each statement execute function members.records_end_conflicts();
