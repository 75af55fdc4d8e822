-- Reads the next rows of a file: validated, normalised, told apart from rows seen before.

create or replace function ingest.read_module_rows(
    p_import ingest.imports,
    p_limit integer,
    out rows ingest.module_row[],
    out outcomes ingest.row_outcome[]
)
language plpgsql
stable
-- The rows of a file are entered by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row_nos bigint[];
    v_rows jsonb[];
    v_prefix text := case (p_import).module
        when 'marketing_spend' then 'spend'
        when 'marketing_activities' then 'marketing_activity'
        when 'kpi_entries' then 'kpi_entry'
        else rtrim((p_import).module, 's')
    end;
begin
    select array_agg(c.row_no), array_agg(c.row_data)
    into v_row_nos, v_rows
    from (
        select r.row_no, r.row_data
        from ingest.import_rows r
        where r.org_id = (p_import).org_id and r.import_id = (p_import).import_id and r.status = 'pending'
        order by r.row_no
        limit p_limit
    ) c;

    with read as materialized (
        select d.row_no, d.problems, d.fields, sha256(convert_to(d.fields::text, 'UTF8')) as row_hash
        from app.read_rows(
            v_prefix,
            ingest.fields_of_module((p_import).module),
            v_row_nos,
            v_rows,
            (select coalesce(jsonb_object_agg(m.value, m.key), '{}') from jsonb_each_text((p_import).mapping) m)
        ) d
    ),
    compared as (
        select
            r.*,
            nullif(min(r.row_no) over (partition by r.row_hash), r.row_no) as first_row_no,
            (
                select k.row_no
                from ingest.import_rows k
                where k.org_id = (p_import).org_id and k.row_hash = r.row_hash and k.import_id = (p_import).import_id
                  and k.row_no < r.row_no and k.status in ('success', 'skipped')
                order by k.row_no
                limit 1
            ) as earlier_row_no,
            (
                -- An entry is compared with what is there now: another file may have changed it since.
                select (p_import).module <> 'kpi_entries'
                from ingest.import_rows k
                join ingest.imports i
                    on i.org_id = k.org_id and i.import_id = k.import_id and i.module = (p_import).module
                    and (
                        i.undone_at is null
                        -- What an undo left alone is still there; of money, what there is tells.
                        or exists (
                            select
                            from ingest.undo_refusals f
                            where (p_import).module not in ('invoices', 'payments')
                              and f.org_id = k.org_id and f.import_id = k.import_id and f.target_table = k.target_table
                              and f.target_id = k.target_id
                        )
                    )
                where k.org_id = (p_import).org_id and k.row_hash = r.row_hash and k.import_id <> (p_import).import_id
                  and k.status = 'success'
                limit 1
            ) as is_known
        from read r
        where r.problems = '[]'
    )
    select
        coalesce(
            (
                select array_agg(row(c.row_no, c.row_hash, c.fields)::ingest.module_row order by c.row_no)
                from compared c
                where c.first_row_no is null and c.earlier_row_no is null and c.is_known is not true
            ),
            '{}'
        ),
        coalesce((select array_agg(o.outcome) from (
            select row(r.row_no, 'error', r.problems, r.row_hash, null, null)::ingest.row_outcome as outcome
            from read r
            where r.problems <> '[]'
            union all
            select row(
                c.row_no, 'duplicate',
                ingest.one_reason(
                    null, 'import.row.duplicate', format('is the same as line %s', least(c.first_row_no, c.earlier_row_no))
                ),
                c.row_hash, null, null
            )::ingest.row_outcome
            from compared c
            where c.first_row_no is not null or c.earlier_row_no is not null
            union all
            select row(
                c.row_no, 'skipped', ingest.one_reason(null, 'import.row.unchanged', 'was imported before'), c.row_hash, null, null
            )::ingest.row_outcome
            from compared c
            where c.first_row_no is null and c.earlier_row_no is null and c.is_known
        ) o), '{}')
    into rows, outcomes;
end
$$;

comment on function ingest.read_module_rows(ingest.imports, integer) is
    'The next p_limit pending rows in file order: rows to be written; outcomes of the others: error with every problem, duplicate of an earlier line, skipped when an earlier import wrote the same row (spec: command_center §3.7, decisions §5.10).';
revoke all on function ingest.read_module_rows(ingest.imports, integer) from public;
