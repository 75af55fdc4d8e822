-- Stamps and audit of kpi.marketing_spend.

create or replace trigger marketing_spend_20_stamp
before update on kpi.marketing_spend
for each row execute function app.stamp_authored_row();

create or replace trigger marketing_spend_90_audit_insert
after insert on kpi.marketing_spend
referencing new table as new_rows
for each statement execute function app.audit_row_change('spend_id');

create or replace trigger marketing_spend_91_audit_update
after update on kpi.marketing_spend
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('spend_id');

create or replace trigger marketing_spend_92_audit_delete
after delete on kpi.marketing_spend
referencing old table as old_rows
for each statement execute function app.audit_row_change('spend_id');
