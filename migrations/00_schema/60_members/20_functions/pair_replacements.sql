-- Picks a replacement for each of some records, from the database of each.

create or replace function members.pair_replacements(p_org_id uuid, p_record_ids bigint[])
returns table (old_record_id bigint, batch_id bigint, new_record_id bigint)
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- As many as a database needs are picked at once, so that none comes twice; databases in the order of their ids (design §3).
    return query
    with replaced as (
        select
            r.record_id, r.database_id, r.batch_id,
            row_number() over (partition by r.database_id order by r.batch_id, r.record_id) as position
        from members.records r
        where r.org_id = p_org_id and r.record_id = any (p_record_ids)
    ),
    needed as materialized (
        select d.database_id, count(*)::integer as wanted from replaced d group by d.database_id order by d.database_id
    ),
    picked as materialized (
        select n.database_id, members.pick_records(p_org_id, n.database_id, n.wanted) as record_ids
        from needed n
        join members.databases d on d.org_id = p_org_id and d.database_id = n.database_id and d.deleted_at is null
        order by n.database_id
    )
    select d.record_id, d.batch_id, p.record_ids[d.position]
    from replaced d
    join picked p on p.database_id = d.database_id
    where d.position <= cardinality(p.record_ids);
end
$$;

comment on function members.pair_replacements(uuid, bigint[]) is
    'One row for each record that can be replaced, those of older batches first; new records are locked. Callers hold members.lock_reservations (spec: member §5.10; seed 000: same batch, same product).';
revoke all on function members.pair_replacements(uuid, bigint[]) from public;
