-- How many of some invalid records there are in each batch, and how many of them were replaced.

create or replace function members.count_replaced(p_places members.record_place[], p_pairs jsonb)
returns table (database_id bigint, batch_id bigint, invalid bigint, replaced bigint)
language plpgsql
immutable
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
    select p.database_id, p.batch_id, count(*), count(*) filter (where v_replaced ? p.record_id::text)
    from unnest(p_places) p
    group by p.database_id, p.batch_id;
end
$$;

comment on function members.count_replaced(members.record_place[], jsonb) is
    'p_pairs: rows of members.pair_replacements for some or all of the records. One row for each batch, or database where there are no batches (spec: member §5.10).';
revoke all on function members.count_replaced(members.record_place[], jsonb) from public;
