-- Assignments and what they refer to: the promise of foreign keys, kept by statement. They are the history themselves: no audit.

create or replace function members.assignments_check_keys() returns trigger
language plpgsql
-- By key, whatever the statistics say of the transition table.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Whoever hands out records has locked them, and their batch or a record in it.
    if exists (
        select
        from new_rows n
        left join members.records r on r.org_id = n.org_id and r.record_id = n.record_id
        where (r.module, r.database_id) is distinct from (n.module, n.database_id)
    ) then
        raise exception 'an assignment is of no record of its database'
            using errcode = 'foreign_key_violation', constraint = 'assignments_record_fkey';
    end if;
    if exists (
        select
        from (
            select distinct n.org_id, n.module, n.database_id, n.batch_id, n.staff_id from new_rows n where n.batch_id is not null
        ) n
        left join members.batches b on b.org_id = n.org_id and b.batch_id = n.batch_id
        where (b.module, b.database_id, b.staff_id) is distinct from (n.module, n.database_id, n.staff_id)
    ) then
        raise exception 'an assignment is in a batch of another database or staff'
            using errcode = 'foreign_key_violation', constraint = 'assignments_batch_fkey';
    end if;
    return null;
end
$$;

comment on function members.assignments_check_keys() is
    'Statement trigger: new assignments are of a record of their module and database, in a batch of that database and of their staff. Not asked of members.hand_out, whose update of the records has just been checked for the same. Raises 23503 (design §3).';
revoke all on function members.assignments_check_keys() from public;

create or replace trigger assignments_40_keys
after insert on members.assignments
referencing new table as new_rows
for each statement
when (current_setting('pgcrm.handing_out', true) is distinct from 'on')
execute function members.assignments_check_keys();

create or replace function members.assignments_before_move() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'an assignment keeps its record, batch and staff'
        using errcode = 'foreign_key_violation', constraint = 'assignments_record_fkey';
end
$$;

comment on function members.assignments_before_move() is 'Refuses to give an assignment to another record, batch or staff. Raises 23503 (design §3).';
revoke all on function members.assignments_before_move() from public;

create or replace trigger assignments_10_stay
before update of org_id, module, database_id, batch_id, record_id, staff_id on members.assignments
for each row
when ((old.org_id, old.module, old.database_id, old.batch_id, old.record_id, old.staff_id)
    is distinct from (new.org_id, new.module, new.database_id, new.batch_id, new.record_id, new.staff_id))
execute function members.assignments_before_move();

create or replace function members.records_before_move() returns trigger
language plpgsql
security definer -- looks at assignments that the caller may not see
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from members.assignments a
        where a.org_id = old.org_id and a.record_id = old.record_id
    ) then
        raise exception 'a record that was handed out stays in its database'
            using errcode = 'foreign_key_violation', constraint = 'assignments_record_fkey';
    end if;
    return new;
end
$$;

comment on function members.records_before_move() is
    'Refuses to move a record with a history to another database. Raises 23503 (design §3).';
revoke all on function members.records_before_move() from public;

create or replace trigger records_10_stay
before update of org_id, record_id, module, database_id on members.records
for each row
when ((old.org_id, old.record_id, old.module, old.database_id) is distinct from (new.org_id, new.record_id, new.module, new.database_id))
execute function members.records_before_move();

create or replace function members.records_after_delete() returns trigger
language plpgsql
security definer -- removes assignments, which nobody can
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from members.assignments a
    using old_rows o
    where a.org_id = o.org_id and a.record_id = o.record_id;
    return null;
end
$$;

comment on function members.records_after_delete() is 'The history of records goes with them (spec: member §5.10).';
revoke all on function members.records_after_delete() from public;

create or replace trigger records_42_take_assignments_along
after delete on members.records
referencing old table as old_rows
for each statement execute function members.records_after_delete();
