-- Activities are written once; the one change there is, is that they are done.

create or replace function crm.activities_check_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if old.completed_at is not null
        or new.completed_at is null
        or (to_jsonb(new) - '{completed_at,outcome,duration_minutes,evidence_photo_url,gps_lat,gps_lng}'::text[])
            <> (to_jsonb(old) - '{completed_at,outcome,duration_minutes,evidence_photo_url,gps_lat,gps_lng}'::text[])
    then
        perform app.fail('PT409', 'activity.append_only', 'An activity can be completed, once, and changed in no other way.');
    end if;
    return new;
end
$$;

comment on function crm.activities_check_change() is
    'Refuses every update but completion with PT409 activity.append_only (decisions §1.4; customers §1.4, case 38).';
revoke all on function crm.activities_check_change() from public;

create or replace trigger activities_05_check_update
before update on crm.activities
for each row execute function crm.activities_check_change();

create or replace trigger activities_90_audit_insert
after insert on crm.activities
referencing new table as new_rows
for each statement execute function app.audit_row_insert('activity_id');

create or replace trigger activities_91_audit_update
after update on crm.activities
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('activity_id');

create or replace trigger activities_92_audit_delete
after delete on crm.activities
referencing old table as old_rows
for each statement execute function app.audit_row_change('activity_id');
