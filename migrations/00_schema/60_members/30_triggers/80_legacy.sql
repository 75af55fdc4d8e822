-- Audit of what the previous system left: what was repaired by which method, what was brought in as what.

create or replace trigger legacy_records_91_audit_update
after update on members.legacy_records
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('legacy_id', 'row_data');

create or replace trigger legacy_batches_91_audit_update
after update on members.legacy_batches
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('legacy_id');
