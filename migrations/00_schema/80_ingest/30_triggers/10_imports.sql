-- Audit of imports; their rows are their own record.

create or replace trigger imports_90_audit_insert
after insert on ingest.imports
referencing new table as new_rows
for each statement execute function app.audit_row_change('import_id');

create or replace trigger imports_91_audit_update
after update on ingest.imports
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change(
    'import_id', 'staged_rows', 'success_rows', 'error_rows', 'skipped_rows', 'duplicate_rows', 'processed_at'
);
