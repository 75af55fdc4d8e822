-- Warnings begin before grace ends, whoever changes either setting.

create or replace function members.settings_check_grace() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
    v_grace integer := (app.setting_of(v_org_id, 'reservation_grace_days') #>> '{}')::integer;
    v_warning integer := (app.setting_of(v_org_id, 'reservation_warning_days') #>> '{}')::integer;
begin
    if v_warning >= v_grace then
        perform app.fail(
            'PT422', 'setting.invalid', 'Warnings must begin fewer days before the end than grace has.',
            format('reservation_warning_days must be less than reservation_grace_days, which is %s', v_grace)
        );
    end if;
    return null;
end
$$;

comment on function members.settings_check_grace() is
    'After a statement that sets one or both. Raises PT422 setting.invalid (spec: member §5.6 config validation, case 51).';
revoke all on function members.settings_check_grace() from public;

create or replace trigger settings_60_grace
after insert or update on app.settings
for each row
when (new.key in ('reservation_grace_days', 'reservation_warning_days'))
execute function members.settings_check_grace();

create or replace trigger settings_61_grace_delete
after delete on app.settings
for each row
when (old.key in ('reservation_grace_days', 'reservation_warning_days'))
execute function members.settings_check_grace();
