-- Batches with what they say of themselves and what is in them: ours, and those of the previous system that are not brought in.

create or replace function members.batch_cards(p_org_id uuid) returns table (
    batch_id text,
    staff_id uuid,
    staff text,
    database_name text,
    created_at timestamptz,
    stored_initial integer,
    stored_current integer,
    actual_assigned integer
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        b.batch_id::text, b.staff_id, p.full_name, d.name, b.created_at, b.initial_count,
        -- Ours is not stored, it is counted.
        coalesce(n.rows, 0), coalesce(n.rows, 0)
    from members.batches b
    join members.databases d on d.org_id = b.org_id and d.database_id = b.database_id and d.deleted_at is null
    join app.profiles p on p.org_id = b.org_id and p.user_id = b.staff_id
    left join (
        select r.batch_id, count(*)::integer as rows
        from members.records r
        where r.org_id = p_org_id and r.assigned_to is not null and r.module = 'member_wd' and r.status = 'assigned'
        group by r.batch_id
    ) n on n.batch_id = b.batch_id
    where b.org_id = p_org_id and b.module = 'member_wd' and b.closed_at is null
    union all
    select
        l.legacy_id, p.user_id, coalesce(p.full_name, l.staff), l.database_name, l.created_at, coalesce(l.initial_count, 0),
        coalesce(l.repaired_count, l.current_count, 0), coalesce(n.rows, 0)
    from members.legacy_batches l
    left join app.profiles p on p.org_id = l.org_id and p.email = lower(btrim(l.staff))
    left join (
        select r.batch, count(*)::integer as rows
        from members.legacy_rows(p_org_id) r
        where r.record_id is null and r.status = 'assigned'
        group by r.batch
    ) n on n.batch = l.legacy_id
    -- A batch of which everything that was in it is in, or in which nothing was, is no card any more.
    where l.org_id = p_org_id and l.batch_id is null
      and (n.rows > 0 or coalesce(l.repaired_count, l.current_count, 0) > 0)
$$;

comment on function members.batch_cards(uuid) is
    'Member WD. stored_initial, stored_current: what the batch says; actual_assigned: assigned records in it (spec: member §5.11 diagnose).';
revoke all on function members.batch_cards(uuid) from public;
