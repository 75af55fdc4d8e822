-- Picks a replacement for each of some records, from the database of each.

create or replace function members.pair_replacements(p_org_id uuid, p_record_ids bigint[])
returns table (old_record_id bigint, batch_id bigint, new_record_id bigint)
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_live bigint[];
begin
    -- A deleted database has nothing to give; the others stay until this is done.
    v_live := array(
        select d.database_id
        from members.databases d
        where d.org_id = p_org_id
          and d.deleted_at is null
          -- Asked first: records were looked up once more for each database there is otherwise.
          and d.database_id = any (array(
              select distinct r.database_id from members.records r where r.org_id = p_org_id and r.record_id = any (p_record_ids)
          ))
        order by d.database_id
        for key share
    );

    -- As many as a database needs are picked at once, so that none comes twice (design §3).
    return query
    with replaced as (
        select
            r.record_id, r.database_id, r.batch_id,
            row_number() over (partition by r.database_id order by r.batch_id, r.record_id) as position
        from members.records r
        where r.org_id = p_org_id and r.record_id = any (p_record_ids)
    ),
    needed as materialized (
        select d.database_id, count(*)::integer as wanted from replaced d where d.database_id = any (v_live) group by d.database_id
    ),
    picked as materialized (
        select p.database_id, p.record_ids
        from (select array_agg(n.database_id) as database_ids, array_agg(n.wanted) as counts from needed n) n
        cross join lateral members.pick_records(p_org_id, n.database_ids, n.counts) p
        where n.database_ids is not null
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
