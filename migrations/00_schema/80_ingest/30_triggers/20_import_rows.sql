-- Rows and their import: no row without one, none left when it goes. A foreign key's promise, kept by statement.

create or replace function ingest.import_rows_after_insert() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted bigint;
    v_found bigint;
begin
    select count(*)
    into v_wanted
    from (select distinct n.org_id, n.import_id from new_rows n) d;

    -- As a foreign key does: nobody removes the import while its rows arrive.
    perform
    from ingest.imports i
    where (i.org_id, i.import_id) in (select n.org_id, n.import_id from new_rows n)
    for key share;
    get diagnostics v_found = row_count;

    if v_found <> v_wanted then
        raise exception 'a row belongs to no import' using errcode = 'foreign_key_violation', constraint = 'import_rows_import_fkey';
    end if;
    return null;
end
$$;

comment on function ingest.import_rows_after_insert() is
    'Statement trigger: every new row belongs to an import of its organisation, which stays locked against removal. Raises 23503 (design §3).';
revoke all on function ingest.import_rows_after_insert() from public;

create or replace function ingest.import_rows_before_move() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'a row stays in its import' using errcode = 'foreign_key_violation', constraint = 'import_rows_import_fkey';
end
$$;

comment on function ingest.import_rows_before_move() is 'Refuses to give a row to another import. Raises 23503 (design §3).';
revoke all on function ingest.import_rows_before_move() from public;

create or replace function ingest.imports_after_delete() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from ingest.import_rows r
    using old_rows o
    where r.org_id = o.org_id and r.import_id = o.import_id;
    return null;
end
$$;

comment on function ingest.imports_after_delete() is 'Removes the rows of imports that are removed (design §3).';
revoke all on function ingest.imports_after_delete() from public;

create or replace trigger import_rows_50_have_import
after insert on ingest.import_rows
referencing new table as new_rows
for each statement execute function ingest.import_rows_after_insert();

create or replace trigger import_rows_50_stay
before update of org_id, import_id on ingest.import_rows
for each row
when (old.org_id is distinct from new.org_id or old.import_id is distinct from new.import_id)
execute function ingest.import_rows_before_move();

create or replace trigger imports_50_take_rows_along
after delete on ingest.imports
referencing old table as old_rows
for each statement execute function ingest.imports_after_delete();
