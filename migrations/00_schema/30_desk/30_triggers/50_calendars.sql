-- Stamps and audit of desk.calendars.

create or replace trigger calendars_20_stamp
before update on desk.calendars
for each row execute function app.stamp_authored_row();

create or replace trigger calendars_90_audit_insert
after insert on desk.calendars
referencing new table as new_rows
for each statement execute function app.audit_row_change('calendar_id');

create or replace trigger calendars_91_audit_update
after update on desk.calendars
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('calendar_id');
