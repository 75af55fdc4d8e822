-- Picks a replacement for each of some records, from the database of each.

create or replace function members.pair_replacements(p_org_id uuid, p_places members.record_place[])
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
          and d.database_id = any (array(select distinct p.database_id from unnest(p_places) p))
        order by d.database_id
        for key share
    );

    -- As many as a database needs are picked at once, so that none comes twice (design §3).
    return query
    with replaced as (
        select
            p.record_id, p.database_id, p.batch_id,
            row_number() over (partition by p.database_id order by p.batch_id, p.record_id) as position
        from unnest(p_places) p
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

comment on function members.pair_replacements(uuid, members.record_place[]) is
    'p_places: records, each with its database and batch. One row for each that can be replaced, those of older batches first; new records are locked. Callers hold members.lock_reservations (spec: member §5.10; seed 000: same batch, same product).';
revoke all on function members.pair_replacements(uuid, members.record_place[]) from public;
