-- Counts of records by state.

create or replace function members.records_after_change() returns trigger
language plpgsql
security definer -- keeps members.record_counts, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
declare
    v_changes members.count_change[];
begin
    if tg_op = 'INSERT' then
        select array_agg((g.org_id, g.database_id, g.status, g.conflict, g.rows, g.entered)::members.count_change)
        into v_changes
        from (
            select n.org_id, n.database_id, n.status, n.is_reservation_conflict as conflict, count(*) as rows, count(*) as entered
            from new_rows n
            group by 1, 2, 3, 4
        ) g;
    elsif tg_op = 'UPDATE' then
        select array_agg((g.org_id, g.database_id, g.status, g.conflict, g.rows, g.entered)::members.count_change)
        into v_changes
        from (
            select c.org_id, c.database_id, c.status, c.conflict, sum(c.sign) as rows, count(*) filter (where c.sign = 1) as entered
            from (
                select n.org_id, n.database_id, n.status, n.is_reservation_conflict as conflict, 1 as sign from new_rows n
                union all
                select o.org_id, o.database_id, o.status, o.is_reservation_conflict, -1 from old_rows o
            ) c
            group by 1, 2, 3, 4
            having sum(c.sign) <> 0
        ) g;
    else
        -- As if as many had come: the reserved among those that are available are counted anew.
        select array_agg((g.org_id, g.database_id, g.status, g.conflict, g.rows, g.entered)::members.count_change)
        into v_changes
        from (
            select o.org_id, o.database_id, o.status, o.is_reservation_conflict as conflict, -count(*) as rows, count(*) as entered
            from old_rows o
            group by 1, 2, 3, 4
        ) g;
    end if;

    if v_changes is not null then
        perform members.add_counts(v_changes);
    end if;
    return null;
end
$$;

comment on function members.records_after_change() is
    'Keeps members.record_counts equal to the records of each database, in the same transaction (spec: member §5.10 counts).';
revoke all on function members.records_after_change() from public;

create or replace trigger records_50_counts_insert
after insert on members.records
referencing new table as new_rows
for each statement execute function members.records_after_change();

create or replace trigger records_51_counts_update
after update on members.records
referencing old table as old_rows new table as new_rows
for each statement execute function members.records_after_change();

create or replace trigger records_52_counts_delete
after delete on members.records
referencing old table as old_rows
for each statement execute function members.records_after_change();
