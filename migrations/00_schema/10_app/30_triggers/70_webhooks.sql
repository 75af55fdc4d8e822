-- Stamps and audit of webhooks.

create or replace trigger webhooks_20_stamp
before update on app.webhooks
for each row execute function app.stamp_authored_row();

create or replace trigger webhooks_90_audit_insert
after insert on app.webhooks
referencing new table as new_rows
for each statement execute function app.audit_row_change('webhook_id');

create or replace trigger webhooks_91_audit_update
after update on app.webhooks
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('webhook_id');

create or replace trigger webhooks_92_audit_delete
after delete on app.webhooks
referencing old table as old_rows
for each statement execute function app.audit_row_change('webhook_id');
