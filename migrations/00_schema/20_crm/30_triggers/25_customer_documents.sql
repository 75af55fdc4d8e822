-- Audit of documents, which are added and never changed.

create or replace trigger customer_documents_90_audit_insert
after insert on crm.customer_documents
referencing new table as new_rows
for each statement execute function app.audit_row_change('document_id');

create or replace trigger customer_documents_92_audit_delete
after delete on crm.customer_documents
referencing old table as old_rows
for each statement execute function app.audit_row_change('document_id');
