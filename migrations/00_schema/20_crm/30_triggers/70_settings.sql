-- Another region of telephone numbers is another key for those without a country code.

create or replace function crm.settings_after_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.enqueue_job(coalesce(new.org_id, old.org_id), 'crm.refresh_phone_keys', 0);
    return null;
end
$$;

comment on function crm.settings_after_change() is 'Orders crm.refresh_phone_keys when the phone region changes (decisions §4).';
revoke all on function crm.settings_after_change() from public;

create or replace trigger settings_60_phone_keys_write
after insert or update on app.settings
for each row when (new.key = 'phone_region')
execute function crm.settings_after_change();

create or replace trigger settings_61_phone_keys_delete
after delete on app.settings
for each row when (old.key = 'phone_region')
execute function crm.settings_after_change();
