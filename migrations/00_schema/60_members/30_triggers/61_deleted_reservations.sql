-- Audit of the archive of reservations, and of the grace of products.

create or replace trigger deleted_reservations_90_audit_insert
after insert on members.deleted_reservations
referencing new table as new_rows
for each statement execute function app.audit_row_change('deleted_id', 'customer_key');

create or replace trigger deleted_reservations_91_audit_update
after update on members.deleted_reservations
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('deleted_id', 'customer_key');

create or replace trigger deleted_reservations_92_audit_delete
after delete on members.deleted_reservations
referencing old table as old_rows
for each statement execute function app.audit_row_change('deleted_id', 'customer_key');

create or replace trigger reservation_grace_90_audit_insert
after insert on members.reservation_grace
referencing new table as new_rows
for each statement execute function app.audit_row_change('product_id');

create or replace trigger reservation_grace_91_audit_update
after update on members.reservation_grace
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('product_id');

create or replace trigger reservation_grace_92_audit_delete
after delete on members.reservation_grace
referencing old table as old_rows
for each statement execute function app.audit_row_change('product_id');
