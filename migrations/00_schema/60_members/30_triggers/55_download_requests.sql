-- Audit of requests and of titles of legacy batches.

create or replace trigger download_requests_90_audit_insert
after insert on members.download_requests
referencing new table as new_rows
for each statement execute function app.audit_row_change('request_id');

create or replace trigger download_requests_91_audit_update
after update on members.download_requests
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('request_id');

create or replace trigger download_requests_92_audit_delete
after delete on members.download_requests
referencing old table as old_rows
for each statement execute function app.audit_row_change('request_id');

create or replace trigger download_requests_50_no_records_left
after delete on members.download_requests
referencing old table as old_rows
for each statement execute function members.records_referred();

create or replace trigger batch_titles_90_audit_insert
after insert on members.batch_titles
referencing new table as new_rows
for each statement execute function app.audit_row_change('database_id');

create or replace trigger batch_titles_91_audit_update
after update on members.batch_titles
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('database_id');

create or replace trigger batch_titles_92_audit_delete
after delete on members.batch_titles
referencing old table as old_rows
for each statement execute function app.audit_row_change('database_id');
