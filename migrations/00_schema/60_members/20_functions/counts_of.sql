-- How many records of databases are in which state: the one source of these numbers.

create or replace function members.counts_of(p_database_ids bigint[])
returns table (
    database_id bigint,
    total_records bigint,
    available_count bigint,
    requested_count bigint,
    assigned_count bigint,
    archived_count bigint,
    excluded_count bigint,
    conflict_count bigint
)
language plpgsql
stable
security definer -- a database's numbers are known to everybody who sees it, its records are not
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_org_id uuid := app.org_id();
begin
    return query
    with counted as materialized (
        select
            w.database_id,
            coalesce(sum(c.available), 0)::bigint as available,
            coalesce(sum(c.requested), 0)::bigint as requested,
            coalesce(sum(c.assigned), 0)::bigint as assigned,
            coalesce(sum(c.archived), 0)::bigint as archived,
            coalesce(sum(c.conflicts), 0)::bigint as conflicts,
            coalesce(sum(c.entered), 0)::bigint as entered
        from unnest(p_database_ids) as w (database_id)
        left join members.record_counts c on c.org_id = v_org_id and c.database_id = w.database_id
        group by w.database_id
    ),
    -- Counted before, and nothing has changed since: assignments do not change it, no reserved record is assigned.
    remembered as materialized (
        select k.database_id, k.reserved
        from members.reserved_counts k
        join counted d on d.database_id = k.database_id and d.entered = k.entered
        where k.org_id = v_org_id
          and k.reservation_version = coalesce(
              (select v.version from members.reservation_versions v where v.org_id = v_org_id), 0
          )
    ),
    excluded as (
        select r.database_id, r.reserved from remembered r
        union all
        select n.database_id, n.reserved
        from members.count_reserved(
            v_org_id,
            array(
                select d.database_id
                from counted d
                where d.available > 0
                  and not exists (select from remembered r where r.database_id = d.database_id)
            )
        ) n
    )
    select
        d.database_id,
        d.available + d.requested + d.assigned + d.archived,
        -- What can still be handed out: neither with somebody, nor archived, nor reserved (BF-24).
        d.available - coalesce(e.reserved, 0),
        d.requested,
        d.assigned,
        d.archived,
        coalesce(e.reserved, 0),
        d.conflicts
    from counted d
    left join excluded e on e.database_id = d.database_id;
end
$$;

comment on function members.counts_of(bigint[]) is
    'One row per database id of the caller''s organisation: total = available + requested + assigned + archived + excluded, exactly. available_count can be handed out; excluded_count is available but reserved; conflict_count is a part of assigned_count (spec: member §5.10 counts, BF-24).';
revoke all on function members.counts_of(bigint[]) from public;
grant execute on function members.counts_of(bigint[]) to authenticated, analyst;
