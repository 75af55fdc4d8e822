-- Audit of photos.

create or replace trigger activity_photos_90_audit_insert
after insert on crm.activity_photos
referencing new table as new_rows
for each statement execute function app.audit_row_change('photo_id');

create or replace trigger activity_photos_91_audit_update
after update on crm.activity_photos
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('photo_id');

create or replace trigger activity_photos_92_audit_delete
after delete on crm.activity_photos
referencing old table as old_rows
for each statement execute function app.audit_row_change('photo_id');
