-- Audit of batches.

create or replace trigger batches_90_audit_insert
after insert on members.batches
referencing new table as new_rows
for each statement execute function app.audit_row_insert('batch_id');

create or replace trigger batches_91_audit_update
after update on members.batches
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('batch_id');

create or replace trigger batches_92_audit_delete
after delete on members.batches
referencing old table as old_rows
for each statement execute function app.audit_row_change('batch_id');
