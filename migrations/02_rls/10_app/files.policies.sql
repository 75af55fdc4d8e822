-- Which rows of app.files are whose: whoever sees the parent row sees the file (decisions §5.9).

create policy files_select on app.files
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (
            (select app.can('files', 'select', 'parent'))
            and exists (select from ingest.imports i where i.org_id = files.org_id and i.import_id = files.import_id)
        )
        or (
            (select app.can('files', 'select', 'parent'))
            and exists (select from kpi.kpi_evidence e where e.org_id = files.org_id and e.evidence_id = files.evidence_id)
        )
        or (
            (select app.can('files', 'select', 'parent'))
            and exists (select from desk.ticket_attachments a where a.org_id = files.org_id and a.attachment_id = files.attachment_id)
        )
        or (
            (select app.can('files', 'select', 'parent'))
            and exists (select from crm.activity_photos p where p.org_id = files.org_id and p.photo_id = files.photo_id)
        )
        or (
            (select app.can('files', 'select', 'parent'))
            and exists (select from crm.customer_documents d where d.org_id = files.org_id and d.document_id = files.document_id)
        )
    )
);
