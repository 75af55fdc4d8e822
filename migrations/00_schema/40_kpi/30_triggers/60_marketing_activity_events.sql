-- Stamps and audit of kpi.marketing_activity_events.

create or replace trigger marketing_activity_events_20_stamp
before update on kpi.marketing_activity_events
for each row execute function app.stamp_authored_row();

create or replace trigger marketing_activity_events_90_audit_insert
after insert on kpi.marketing_activity_events
referencing new table as new_rows
for each statement execute function app.audit_row_change('activity_id');

create or replace trigger marketing_activity_events_91_audit_update
after update on kpi.marketing_activity_events
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('activity_id');

create or replace trigger marketing_activity_events_92_audit_delete
after delete on kpi.marketing_activity_events
referencing old table as old_rows
for each statement execute function app.audit_row_change('activity_id');
