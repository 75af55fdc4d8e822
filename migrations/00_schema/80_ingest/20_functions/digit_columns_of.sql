-- In which columns of a file a cell that a spreadsheet holds as a number is an error.

create or replace function ingest.digit_columns_of(p_module text, p_header text[], p_mapping jsonb) returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select array(
        select h.name
        from unnest(p_header) with ordinality as h (name, position)
        where exists (
            select
            from ingest.import_columns c
            where c.module = p_module and c.is_digits and c.column_name = p_mapping ->> h.name
        )
        -- Of columns that are all kept, two may be phones.
        or exists (
            select
            from ingest.import_modules m
            join ingest.import_columns c on c.module = m.module and c.is_digits
            left join ingest.column_synonyms s on s.module = c.module and s.column_name = c.column_name
            where m.module = p_module and m.takes_any_column and ingest.fold_name(h.name) in (c.column_name, s.synonym)
        )
        order by h.position
    )
$$;

comment on function ingest.digit_columns_of(text, text[], jsonb) is
    'p_mapping {header: column}. The names in the header, in their order, whose digits count: the spreadsheet''s number is not what was typed (spec: command_center §3.7, member §3.5).';
revoke all on function ingest.digit_columns_of(text, text[], jsonb) from public;
