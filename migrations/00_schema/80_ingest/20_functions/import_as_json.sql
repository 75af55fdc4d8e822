-- An import as every function and route shows it.

create or replace function ingest.import_as_json(p_org_id uuid, p_import_id bigint) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'import_id', i.import_id,
        'module', i.module,
        'file_name', i.file_name,
        'file_id', f.file_id,
        'status', i.status,
        'attempt', i.attempt,
        'total_rows', i.total_rows,
        'staged_rows', i.staged_rows,
        'pending_rows', case
            when i.status = 'staging' then null
            else i.total_rows - i.success_rows - i.error_rows - i.skipped_rows - i.duplicate_rows
        end,
        'success_rows', i.success_rows,
        'error_rows', i.error_rows,
        'skipped_rows', i.skipped_rows,
        'duplicate_rows', i.duplicate_rows,
        'header', to_jsonb(i.header),
        'mapping', i.mapping,
        'options', i.options,
        'encoding', i.encoding,
        'delimiter', i.delimiter,
        'sheet', i.sheet,
        'ignored_columns', (
            select coalesce(jsonb_agg(h.name order by h.position), '[]')
            from unnest(i.header) with ordinality as h (name, position)
            where not i.mapping ? h.name and not m.takes_any_column
        ),
        'digit_columns', to_jsonb(i.digit_columns),
        'missing_columns', (
            select coalesce(jsonb_agg(c.column_name order by c.position), '[]')
            from ingest.import_columns c
            where c.module = i.module
              and c.is_required
              and not exists (select from jsonb_each_text(i.mapping) p where p.value = c.column_name)
        ),
        'last_error', i.last_error,
        'uploaded_by', i.uploaded_by,
        'uploaded_at', i.uploaded_at,
        'processed_at', i.processed_at,
        'undone_at', i.undone_at
    )
    from ingest.imports i
    join ingest.import_modules m on m.module = i.module
    left join app.files f on f.org_id = i.org_id and f.import_id = i.import_id
    where i.org_id = p_org_id and i.import_id = p_import_id
$$;

comment on function ingest.import_as_json(uuid, bigint) is
    'State, counts, columns and file of one import (spec: command_center §3.7). Runs with the rights of its caller.';
revoke all on function ingest.import_as_json(uuid, bigint) from public;
grant execute on function ingest.import_as_json(uuid, bigint) to authenticated;
