-- Audit of evidence, which is added and taken away and never changed.

create or replace trigger kpi_evidence_90_audit_insert
after insert on kpi.kpi_evidence
referencing new table as new_rows
for each statement execute function app.audit_row_change('evidence_id');

create or replace trigger kpi_evidence_92_audit_delete
after delete on kpi.kpi_evidence
referencing old table as old_rows
for each statement execute function app.audit_row_change('evidence_id');
