-- Remembers how many available records of a database are reserved, for those who ask next.

create or replace function members.remember_reserved(p_org_id uuid, p_database_id bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- One statement, one snapshot: versions and count belong together whatever others commit meanwhile.
    insert into members.reserved_counts as k (org_id, database_id, reservation_version, entered, reserved)
    select p_org_id, p_database_id, n.version, n.entered, coalesce((select c.reserved from members.count_reserved(p_org_id, array[p_database_id]) c), 0)
    from (
        select
            coalesce((select v.version from members.reservation_versions v where v.org_id = p_org_id), 0) as version,
            coalesce(sum(c.entered), 0)::bigint as entered
        from members.record_counts c
        where c.org_id = p_org_id and c.database_id = p_database_id
    ) n
    where not exists (
        select
        from members.reserved_counts o
        where o.org_id = p_org_id and o.database_id = p_database_id
          and o.reservation_version = n.version and o.entered = n.entered
    )
    on conflict on constraint reserved_counts_pkey do update
    set reservation_version = excluded.reservation_version, entered = excluded.entered, reserved = excluded.reserved
    -- Whoever counted later knows better.
    where k.reservation_version <= excluded.reservation_version and k.entered <= excluded.entered;
end
$$;

comment on function members.remember_reserved(uuid, bigint) is
    'Counts where reservations or arrivals have changed since the last time, else does nothing. Callers hold members.lock_reservations, so that no reservation changes meanwhile.';
revoke all on function members.remember_reserved(uuid, bigint) from public;
