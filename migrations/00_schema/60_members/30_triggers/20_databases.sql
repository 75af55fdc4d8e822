-- Audit of member databases; a database keeps its module and product.

create or replace function members.databases_before_update() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if (new.org_id, new.module, new.product_id) is distinct from (old.org_id, old.module, old.product_id) then
        perform app.fail('PT422', 'databases.product.immutable', 'A database keeps its organisation, module and product.');
    end if;
    return new;
end
$$;

comment on function members.databases_before_update() is
    'Raises PT422 databases.product.immutable: records were handed out for that product (spec: seed 000, same product).';
revoke all on function members.databases_before_update() from public;

create or replace trigger databases_10_rules
before update on members.databases
for each row execute function members.databases_before_update();

create or replace trigger databases_90_audit_insert
after insert on members.databases
referencing new table as new_rows
for each statement execute function app.audit_row_change('database_id');

create or replace trigger databases_91_audit_update
after update on members.databases
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('database_id');

create or replace trigger databases_92_audit_delete
after delete on members.databases
referencing old table as old_rows
for each statement execute function app.audit_row_change('database_id');
