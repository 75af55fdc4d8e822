-- A member database comes from one import.

alter table members.databases
    add constraint databases_import_fkey foreign key (org_id, import_id) references ingest.imports (org_id, import_id);
