-- Documents of customers with their files, as people read them.

create view api.customer_documents with (security_invoker = true) as
select
    d.org_id, d.document_id, d.customer_id, f.file_id, f.file_name, f.mime_type, f.size_bytes, d.uploaded_by, d.uploaded_at
from crm.customer_documents d
left join app.files f on f.org_id = d.org_id and f.document_id = d.document_id
where d.org_id = (select app.org_id());

comment on view api.customer_documents is
    'Documents of customers that the reader may see; file_id is what GET /api/files/{file_id} takes (spec: command_center §2.3).';
revoke all on api.customer_documents from public;
grant select on api.customer_documents to authenticated, analyst;
