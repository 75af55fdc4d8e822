-- The database that an import of member records fills: made with its first chunk.

create or replace function ingest.database_of_import(p_import ingest.imports) returns members.databases
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_database members.databases;
begin
    select d.*
    into v_database
    from members.databases d
    where d.org_id = (p_import).org_id and d.import_id = (p_import).import_id;
    if found then
        return v_database;
    end if;

    insert into members.databases (
        org_id, module, name, description, product_id, file_name, file_size, import_id, columns, key_column, name_column, phone_column,
        uploaded_by, uploaded_at
    )
    values (
        (p_import).org_id,
        (p_import).options ->> 'record_module',
        (p_import).options ->> 'name',
        (p_import).options ->> 'description',
        ((p_import).options ->> 'product_id')::bigint,
        (p_import).file_name,
        (select f.size_bytes from app.files f where f.org_id = (p_import).org_id and f.import_id = (p_import).import_id limit 1),
        (p_import).import_id,
        (p_import).header,
        (select m.key from jsonb_each_text((p_import).mapping) m where m.value = 'username'),
        (select m.key from jsonb_each_text((p_import).mapping) m where m.value = 'name'),
        (select m.key from jsonb_each_text((p_import).mapping) m where m.value = 'phone'),
        (p_import).uploaded_by,
        (p_import).uploaded_at
    )
    returning * into v_database;
    return v_database;
end
$$;

comment on function ingest.database_of_import(ingest.imports) is
    'Callers hold the import''s lock. Raises 23503 databases_product_fkey when the product was deleted since the upload (spec: member §5.10 upload).';
revoke all on function ingest.database_of_import(ingest.imports) from public;
