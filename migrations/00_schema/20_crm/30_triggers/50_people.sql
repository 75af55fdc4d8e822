-- A changed role changes whose customers are whose: a prospect counts only for people with a sales role.

create or replace function crm.profiles_after_update() returns trigger
language plpgsql
security definer -- keeps customers on which the caller may have no right
set search_path = pg_catalog, pg_temp
as $$
begin
    perform crm.refresh_customer_owners(p.org_id, array_agg(distinct p.customer_id))
    from new_rows n
    join old_rows o on o.org_id = n.org_id and o.user_id = n.user_id and o.role_key <> n.role_key
    join crm.prospects p on p.org_id = n.org_id and p.owner_user_id = n.user_id
    group by p.org_id;
    return null;
end
$$;

comment on function crm.profiles_after_update() is
    'Looks again at the customers of people whose role changed (spec: command_center §1.2).';
revoke all on function crm.profiles_after_update() from public;

create or replace trigger profiles_60_customers
after update on app.profiles
referencing old table as old_rows new table as new_rows
for each statement execute function crm.profiles_after_update();

create or replace trigger services_90_audit_insert
after insert on crm.services
referencing new table as new_rows
for each statement execute function app.audit_row_change('service_code');

create or replace trigger services_91_audit_update
after update on crm.services
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('service_code');

create or replace trigger services_92_audit_delete
after delete on crm.services
referencing old table as old_rows
for each statement execute function app.audit_row_change('service_code');
