-- Settings are checked where they are stored, and audited.

create or replace function app.settings_before_write() returns trigger
language plpgsql
security definer -- reads the definitions
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem text := app.setting_problem(new.key, new.value);
begin
    if v_problem is not null then
        perform app.fail('PT422', 'setting.invalid', format('%s %s.', new.key, v_problem), v_problem);
    end if;
    new.updated_at := clock_timestamp();
    new.updated_by := app.uid();
    return new;
end
$$;

comment on function app.settings_before_write() is
    'Refuses a value that does not fit its definition with PT422 setting.invalid and the allowed range (decisions §4).';
revoke all on function app.settings_before_write() from public;

create or replace trigger settings_10_check
before insert or update on app.settings
for each row execute function app.settings_before_write();

create or replace trigger settings_90_audit_insert
after insert on app.settings
referencing new table as new_rows
for each statement execute function app.audit_row_change('key');

create or replace trigger settings_91_audit_update
after update on app.settings
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('key');

create or replace trigger settings_92_audit_delete
after delete on app.settings
referencing old table as old_rows
for each statement execute function app.audit_row_change('key');
