-- Stamps and audit of desk.sla_targets.

create or replace trigger sla_targets_20_stamp
before update on desk.sla_targets
for each row execute function app.stamp_authored_row();

create or replace trigger sla_targets_90_audit_insert
after insert on desk.sla_targets
referencing new table as new_rows
for each statement execute function app.audit_row_change('ticket_type');

create or replace trigger sla_targets_91_audit_update
after update on desk.sla_targets
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('ticket_type');
