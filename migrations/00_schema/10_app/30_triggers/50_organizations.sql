-- Stamps and audit of organisations.

create or replace trigger organizations_20_stamp
before update on app.organizations
for each row execute function app.stamp_row();

create or replace trigger organizations_91_audit_update
after update on app.organizations
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('org_id');
