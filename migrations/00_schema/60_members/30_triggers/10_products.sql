-- Audit of products.

create or replace trigger products_90_audit_insert
after insert on members.products
referencing new table as new_rows
for each statement execute function app.audit_row_change('product_id');

create or replace trigger products_92_audit_delete
after delete on members.products
referencing old table as old_rows
for each statement execute function app.audit_row_change('product_id');
