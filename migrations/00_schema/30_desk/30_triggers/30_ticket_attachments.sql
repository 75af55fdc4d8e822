-- Audit of attachments, which are added and never changed.

create or replace trigger ticket_attachments_90_audit_insert
after insert on desk.ticket_attachments
referencing new table as new_rows
for each statement execute function app.audit_row_change('attachment_id');

create or replace trigger ticket_attachments_92_audit_delete
after delete on desk.ticket_attachments
referencing old table as old_rows
for each statement execute function app.audit_row_change('attachment_id');
