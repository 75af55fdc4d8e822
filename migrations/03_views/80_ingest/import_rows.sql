-- Rows of files, and what became of them.

create view api.import_rows with (security_invoker = true) as
select r.org_id, r.import_id, r.row_no, r.row_data, r.status, r.errors, r.target_table, r.target_id, r.processed_at
from ingest.import_rows r
where r.org_id = (select app.org_id());

comment on view api.import_rows is 'Rows of imports that the reader may see (spec: command_center §3.7).';
revoke all on api.import_rows from public;
grant select on api.import_rows to authenticated, analyst;
