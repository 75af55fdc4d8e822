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
    v_key integer := array_position(v_columns, (p_database).key_column);
    v_name integer := array_position(v_columns, (p_database).name_column);
    v_phone integer := array_position(v_columns, (p_database).phone_column);
    v_ids regclass := pg_get_serial_sequence('members.records', 'record_id');
    v_counts bigint[];
begin
    with pending as materialized (
        -- Where the row lies finds it again at no cost: nobody else changes it while the import is locked.
        select r.row_no, r.row_data, r.ctid as place
        from ingest.import_rows r
        where r.org_id = v_org_id and r.import_id = v_import_id and r.row_no between p_first_row and p_last_row
          and r.status = 'pending'
    ),
    trimmed as materialized (
        select
            p.row_no, p.place, c.cells,
            sha256(convert_to(upper(array_to_string(c.cells, E'\x1f')), 'UTF8')) as row_hash
        from pending p
        cross join lateral (
            -- Whole numbers lose the ".0" that spreadsheets add; everything else stays as it is typed (spec: member §6).
            select array_agg(
                case when t.cell like '%.%0' then regexp_replace(t.cell, '^(-?[0-9]+)\.0+$', '\1') else t.cell end
                order by t.position
            ) as cells
            from (
                select h.position, btrim(coalesce(p.row_data ->> h.name, ''), E' \t\r\n\u00a0') as cell
                from unnest(v_columns) with ordinality as h (name, position)
            ) t
        ) c
    ),
    compared as (
        select t.*, min(t.row_no) over (partition by t.row_hash) as first_row_no
        from trimmed t
    ),
    judged as materialized (
        select
            c.*,
            case
                when array_to_string(c.cells, '') = '' then 'error'
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
                and i.target_key = v_target
                and (
                    i.undone_at is null
                    -- What an undo left alone is still there.
                    or exists (
                        select
                        from ingest.undo_refusals f
                        where f.org_id = r.org_id and f.import_id = r.import_id and f.target_table = r.target_table
                          and f.target_id = r.target_id
                    )
                )
            join members.databases d on d.org_id = i.org_id and d.import_id = i.import_id and d.deleted_at is null
            join members.records o on o.org_id = r.org_id and o.record_id = r.target_id::bigint
            where r.org_id = v_org_id and r.row_hash = c.row_hash and r.import_id <> v_import_id and r.status = 'success'
            limit 1
        ) known on true
    ),
    numbered as materialized (
        -- The id is drawn here, so that nothing has to be matched with what was written.
        select j.*, case when j.status = 'success' then nextval(v_ids) end as record_id
        from (select j.* from judged j order by j.row_no offset 0) j
    ),
    written as (
        insert into members.records (
            org_id, record_id, module, database_id, row_number, row_data, customer_id, customer_name, phone, match_keys
        )
        overriding system value
        select
            v_org_id, n.record_id, (p_database).module, (p_database).database_id,
            p_written + row_number() over (order by n.row_no),
            jsonb_object(v_columns, n.cells), nullif(n.cells[v_key], ''), nullif(n.cells[v_name], ''),
            nullif(n.cells[v_phone], ''), members.match_keys(n.cells)
        from numbered n
        where n.record_id is not null
    ),
    recorded as (
        update ingest.import_rows r
        set status = n.status,
            errors = case n.status
                when 'error' then '[{"field": null, "code": "member_records.row.blank", "message": "has no value"}]'::jsonb
                when 'duplicate' then jsonb_build_array(jsonb_build_object(
                    'field', null, 'code', 'import.row.duplicate', 'message', format('is the same as line %s', n.same_as)
                ))
                when 'skipped' then
                    '[{"field": null, "code": "import.row.unchanged", "message": "was imported before"}]'::jsonb
            end,
            row_hash = n.row_hash,
            target_table = case when n.record_id is not null then 'members.records' end,
            target_id = n.record_id::text,
            processed_at = clock_timestamp()
        from numbered n
        where r.ctid = n.place
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
