-- Whether anybody but an import has changed a row since the import did.

create or replace function ingest.touched_since(p_org_id uuid, p_import_id bigint, p_table text, p_record_id text) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from app.audit_logs a
        where a.org_id = p_org_id
          and a.record_id = p_record_id
          and a.table_name = p_table
          and a.import_id is distinct from p_import_id
          and a.audit_id > (
              select min(m.audit_id)
              from app.audit_logs m
              where m.org_id = p_org_id and m.record_id = p_record_id and m.table_name = p_table and m.import_id = p_import_id
          )
    )
$$;

comment on function ingest.touched_since(uuid, bigint, text, text) is
    'True when the audit trail has an entry of row p_record_id of p_table after the first one of import p_import_id, by something else than that import. What triggers derive is not in the trail. Rule: decisions §3, undo.';
revoke all on function ingest.touched_since(uuid, bigint, text, text) from public;
