-- Makes records of pending rows of a file, and writes down what became of each: one statement for all of them.

create or replace function ingest.write_records(
    p_import ingest.imports,
    p_database members.databases,
    p_first_row bigint,
    p_last_row bigint,
    p_written bigint
) returns bigint[]
language plpgsql
-- By key, whatever the statistics say: in the middle of a load they are those of an empty table.
set enable_seqscan = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_import).org_id;
    v_import_id bigint := (p_import).import_id;
    v_target text := (p_import).target_key;
    v_columns text[] := (p_database).columns;
    v_counts bigint[];
begin
    with pending as materialized (
        select r.row_no, r.row_data
        from ingest.import_rows r
        where r.org_id = v_org_id and r.import_id = v_import_id and r.row_no between p_first_row and p_last_row
          and r.status = 'pending'
    ),
    trimmed as materialized (
        select p.row_no, c.cells
        from pending p
        cross join lateral (
            -- Whole numbers lose the ".0" that spreadsheets add; everything else stays as it is typed (spec: member §6).
            select array_agg(
                regexp_replace(
                    btrim(coalesce(p.row_data ->> h.name, ''), E' \t\r\n\u00a0'), '^(-?[0-9]+)\.0+$', '\1'
                )
                order by h.position
            ) as cells
            from unnest(v_columns) with ordinality as h (name, position)
        ) c
    ),
    keyed as materialized (
        select
            t.row_no, t.cells, members.match_keys(t.cells) as match_keys,
            sha256(convert_to(upper(array_to_string(t.cells, E'\x1f')), 'UTF8')) as row_hash
        from trimmed t
    ),
    compared as (
        select
            k.*,
            min(k.row_no) over (partition by k.row_hash) as first_row_no
        from keyed k
    ),
    judged as materialized (
        select
            c.*,
            case
                when c.match_keys = '{}' and array_to_string(c.cells, '') = '' then 'error'
                when c.row_no > c.first_row_no or here.row_no is not null then 'duplicate'
                when known.import_id is not null then 'skipped'
                else 'success'
            end as status,
            least(c.first_row_no, here.row_no) as same_as
        from compared c
        left join lateral (
            select r.row_no
            from ingest.import_rows r
            where r.org_id = v_org_id and r.row_hash = c.row_hash and r.import_id = v_import_id
              and r.row_no <> c.row_no and r.status in ('success', 'skipped')
            order by r.row_no
            limit 1
        ) here on true
        left join lateral (
            -- The same row of an earlier file for the same module and product, unless its database or record is gone.
            select r.import_id
            from ingest.import_rows r
            join ingest.imports i
                on i.org_id = r.org_id and i.import_id = r.import_id and i.module = (p_import).module
                and i.target_key = v_target and i.undone_at is null
            join members.databases d on d.org_id = i.org_id and d.import_id = i.import_id and d.deleted_at is null
            join members.records o on o.org_id = r.org_id and o.record_id = r.target_id::bigint
            where r.org_id = v_org_id and r.row_hash = c.row_hash and r.import_id <> v_import_id and r.status = 'success'
            limit 1
        ) known on true
    ),
    numbered as materialized (
        select
            j.row_no, j.cells, j.match_keys,
            p_written + row_number() over (order by j.row_no) as row_number
        from judged j
        where j.status = 'success'
    ),
    written as (
        insert into members.records (
            org_id, module, database_id, row_number, row_data, customer_id, customer_name, phone, match_keys
        )
        select
            v_org_id, (p_database).module, (p_database).database_id, n.row_number,
            jsonb_object(v_columns, n.cells),
            nullif(n.cells[array_position(v_columns, (p_database).key_column)], ''),
            nullif(n.cells[array_position(v_columns, (p_database).name_column)], ''),
            nullif(n.cells[array_position(v_columns, (p_database).phone_column)], ''),
            n.match_keys
        from numbered n
        order by n.row_number
        returning record_id, row_number
    ),
    recorded as (
        update ingest.import_rows r
        set status = j.status,
            errors = case j.status
                when 'error' then '[{"field": null, "code": "member_records.row.blank", "message": "has no value"}]'::jsonb
                when 'duplicate' then jsonb_build_array(jsonb_build_object(
                    'field', null, 'code', 'import.row.duplicate', 'message', format('is the same as line %s', j.same_as)
                ))
                when 'skipped' then
                    '[{"field": null, "code": "import.row.unchanged", "message": "was imported before"}]'::jsonb
            end,
            row_hash = j.row_hash,
            target_table = case when w.record_id is not null then 'members.records' end,
            target_id = w.record_id::text,
            processed_at = clock_timestamp()
        from judged j
        left join numbered n on n.row_no = j.row_no
        left join written w on w.row_number = n.row_number
        where r.org_id = v_org_id and r.import_id = v_import_id and r.row_no = j.row_no
          and r.row_no between p_first_row and p_last_row
        returning r.status
    )
    select array[
        count(*) filter (where c.status = 'success'),
        count(*) filter (where c.status = 'error'),
        count(*) filter (where c.status = 'skipped'),
        count(*) filter (where c.status = 'duplicate')
    ]
    into v_counts
    from recorded c;
    return v_counts;
end
$$;

comment on function ingest.write_records(ingest.imports, members.databases, bigint, bigint, bigint) is
    'Pending rows from line p_first_row to p_last_row; p_written: records of the database so far. Returns counts {success, error, skipped, duplicate}. Nothing is mandatory but some value; row_number goes on from p_written (spec: member §5.10 upload, §6, cases 14, 15; decisions §5.10).';
revoke all on function ingest.write_records(ingest.imports, members.databases, bigint, bigint, bigint) from public;
