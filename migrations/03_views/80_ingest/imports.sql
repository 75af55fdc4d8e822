-- Imports and how far they have got.

create view api.imports with (security_invoker = true) as
select
    i.org_id, i.import_id, i.module, i.file_name, i.status, i.total_rows, i.staged_rows, i.success_rows, i.error_rows,
    i.skipped_rows, i.duplicate_rows, i.attempt, i.header, i.mapping, i.options, i.encoding,
    i.delimiter, i.sheet, i.last_error, i.uploaded_by, i.uploaded_at, i.processed_at, i.undone_at
from ingest.imports i
where i.org_id = (select app.org_id());

comment on view api.imports is 'Imports that the reader may see (spec: command_center §3.7).';
revoke all on api.imports from public;
grant select on api.imports to authenticated, analyst;
