-- Adds to the counts of databases what a statement changed.

create or replace function members.add_counts(p_changes members.count_change[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- One row per database and slot, in the order of the key: people at work at once take different slots, and two
    -- statements that meet in one wait in the same order.
    insert into members.record_counts as c (
        org_id, database_id, slot, available, requested, assigned, archived, conflicts, entered
    )
    select
        n.org_id, n.database_id, pg_backend_pid() % 64,
        coalesce(sum(n.rows) filter (where n.status = 'available'), 0),
        coalesce(sum(n.rows) filter (where n.status = 'requested'), 0),
        coalesce(sum(n.rows) filter (where n.status = 'assigned'), 0),
        coalesce(sum(n.rows) filter (where n.status = 'invalid_archived'), 0),
        coalesce(sum(n.rows) filter (where n.conflict), 0),
        coalesce(sum(n.entered) filter (where n.status = 'available'), 0)
    from unnest(p_changes) n
    group by n.org_id, n.database_id
    order by n.org_id, n.database_id
    on conflict on constraint record_counts_pkey do update
    set available = c.available + excluded.available,
        requested = c.requested + excluded.requested,
        assigned = c.assigned + excluded.assigned,
        archived = c.archived + excluded.archived,
        conflicts = c.conflicts + excluded.conflicts,
        entered = c.entered + excluded.entered;
end
$$;

comment on function members.add_counts(members.count_change[]) is 'Changes of one statement, by organisation, database, status and conflict.';
revoke all on function members.add_counts(members.count_change[]) from public;
