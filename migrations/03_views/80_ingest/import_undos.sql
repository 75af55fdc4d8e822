-- Imports that are being or were undone.

create view api.import_undos with (security_invoker = true) as
select
    u.org_id, u.import_id, u.row_no, u.removed_rows, u.restored_rows, u.refused_rows, u.begun_by, u.begun_at, u.finished_at
from ingest.import_undos u
where u.org_id = (select app.org_id());

comment on view api.import_undos is 'How far the undo of an import is, and what it did (decisions §3, undo).';
revoke all on api.import_undos from public;
grant select on api.import_undos to authenticated, analyst;
