-- Which columns of a file are which of ours, by their names and synonyms.

create or replace function ingest.guess_mapping(p_module text, p_header text[]) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_object_agg(known.name, known.column_name), '{}')
    from (
        -- Our own name wins over a synonym, then the column further left.
        select distinct on (c.column_name) h.name, c.column_name
        from unnest(p_header) with ordinality as h (name, position)
        cross join lateral ingest.fold_name(h.name) as folded
        join (
            select i.column_name, i.column_name as name, 1 as rank
            from ingest.import_columns i
            where i.module = p_module
            union all
            select s.column_name, s.synonym, 2
            from ingest.column_synonyms s
            where s.module = p_module
        ) c on c.name = folded
        order by c.column_name, c.rank, h.position
    ) known
$$;

comment on function ingest.guess_mapping(text, text[]) is
    'p_header: the names in the file. Returns {name: our column} for those that are known by name or synonym, each of our columns once (spec: command_center §3.7).';
revoke all on function ingest.guess_mapping(text, text[]) from public;
