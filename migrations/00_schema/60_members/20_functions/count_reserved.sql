-- Counts the available records of databases that an approved reservation covers.

create or replace function members.count_reserved(p_org_id uuid, p_database_ids bigint[])
returns table (database_id bigint, reserved bigint)
language plpgsql
stable
-- From the reservations, which are few, to the records: by index, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- Nearly always everything is remembered: do not go through the reservations for nothing.
    if cardinality(p_database_ids) = 0 then
        return;
    end if;
    return query
    select f.database_id, count(distinct f.record_id)
    from (
        -- A hundred customers at a time: to begin a search of the index costs as much as to find ten of them.
        select array_agg(n.key) as keys
        from (
            -- A customer reserved for several products is asked for once.
            select d.key, (row_number() over (order by d.key) - 1) / 100 as part
            from (select distinct k.key from members.reservation_keys k where k.org_id = p_org_id and k.is_approved) d
        ) n
        group by n.part
    ) c
    cross join lateral (
        select m.database_id, m.record_id
        from members.record_keys m
        where m.org_id = p_org_id and m.match_keys && c.keys
        offset 0
    ) f
    cross join lateral (
        -- By the primary key: an index of available records alone tempts a planner that knows nothing of the table yet.
        select s.status
        from members.records s
        where s.org_id = p_org_id and s.record_id = f.record_id
        offset 0
    ) r
    -- Outside, else a small database's records would be gone through for each of the parts.
    where f.database_id = any (p_database_ids)
      and r.status = 'available'
    group by f.database_id;
end
$$;

comment on function members.count_reserved(uuid, bigint[]) is
    'Available records that hold, in any value, the customer of an approved reservation for any product; databases without any have no row (BF-5, decisions D-7).';
revoke all on function members.count_reserved(uuid, bigint[]) from public;
