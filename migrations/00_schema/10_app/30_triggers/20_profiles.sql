-- Rules of app.profiles: user code, no cycles among managers, audit.

create or replace function app.profiles_before_write() returns trigger
language plpgsql
security definer -- draws a number and looks at managers whom the caller may not see
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' and new.user_code is null then
        new.user_code := app.next_prefixed_id(
            new.org_id,
            new.dept_code,
            (app.now() at time zone (app.setting_of(new.org_id, 'time_zone') #>> '{}'))::date,
            3
        );
    end if;

    if new.manager_user_id is not null and exists (
        with recursive chain (user_id, manager_user_id) as (
            select p.user_id, p.manager_user_id
            from app.profiles p
            where p.org_id = new.org_id and p.user_id = new.manager_user_id
            union
            select p.user_id, p.manager_user_id
            from chain c
            join app.profiles p on p.org_id = new.org_id and p.user_id = c.manager_user_id
        )
        select from chain where chain.user_id = new.user_id
    ) then
        perform app.fail('PT422', 'profile.manager.cycle', 'Somebody cannot be the manager of their own manager.');
    end if;
    return new;
end
$$;

comment on function app.profiles_before_write() is
    'Makes user_code (department + date + three digits) and refuses cycles of managers (spec: command_center §2.2, case 148).';
revoke all on function app.profiles_before_write() from public;

create or replace trigger profiles_10_rules
before insert or update of manager_user_id on app.profiles
for each row execute function app.profiles_before_write();

create or replace trigger profiles_20_stamp
before update on app.profiles
for each row execute function app.stamp_authored_row();

create or replace trigger profiles_90_audit_insert
after insert on app.profiles
referencing new table as new_rows
for each statement execute function app.audit_row_change('user_id');

create or replace trigger profiles_91_audit_update
after update on app.profiles
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('user_id');

create or replace trigger profiles_92_audit_delete
after delete on app.profiles
referencing old table as old_rows
for each statement execute function app.audit_row_change('user_id');
