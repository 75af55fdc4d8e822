-- Evidence with its file, as people read it.

create view api.kpi_evidence with (security_invoker = true) as
select
    e.org_id, e.evidence_id, e.metric_key, e.user_id, e.target_id, e.entry_id, e.notes, f.file_id, f.path, f.file_name,
    f.mime_type, f.size_bytes, e.created_by, e.created_at
from kpi.kpi_evidence e
left join app.files f on f.org_id = e.org_id and f.evidence_id = e.evidence_id
where e.org_id = (select app.org_id());

comment on view api.kpi_evidence is 'Evidence that the reader may see; file_id is what GET /api/files/{file_id} takes (spec: command_center §5.3).';
revoke all on api.kpi_evidence from public;
grant select on api.kpi_evidence to authenticated, analyst;
