-- How many of some invalid records there are in each batch, and how many of them were replaced.

create or replace function members.count_replaced(p_org_id uuid, p_record_ids bigint[], p_pairs jsonb)
returns table (database_id bigint, batch_id bigint, invalid bigint, replaced bigint)
language plpgsql
stable
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- Asked by key: a join of a thousand with a thousand that nobody has counted compares each with each.
    v_replaced jsonb := (
        select coalesce(jsonb_object_agg(p.old_record_id, true), '{}')
        from jsonb_to_recordset(p_pairs) as p (old_record_id bigint)
    );
begin
    return query
    select r.database_id, r.batch_id, count(*), count(*) filter (where v_replaced ? r.record_id::text)
    from members.records r
    where r.org_id = p_org_id and r.record_id = any (p_record_ids)
    group by r.database_id, r.batch_id;
end
$$;

comment on function members.count_replaced(uuid, bigint[], jsonb) is
    'p_pairs: rows of members.pair_replacements for some or all of the records. One row for each batch, or database where there are no batches (spec: member §5.10).';
revoke all on function members.count_replaced(uuid, bigint[], jsonb) from public;
