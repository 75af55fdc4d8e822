-- What undos left alone.

create view api.undo_refusals with (security_invoker = true) as
select r.org_id, r.refusal_id, r.import_id, r.target_table, r.target_id, r.reason, r.row_no
from ingest.undo_refusals r
where r.org_id = (select app.org_id());

comment on view api.undo_refusals is 'Row by row: changed = somebody has touched it since the import, in_use = something hangs on it (decisions §3, undo).';
revoke all on api.undo_refusals from public;
grant select on api.undo_refusals to authenticated, analyst;
