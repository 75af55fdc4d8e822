-- Attachments of tickets with their files.

create view api.ticket_attachments with (security_invoker = true) as
select
    a.org_id, a.attachment_id, a.ticket_id, f.file_id, f.file_name, f.mime_type, f.size_bytes as file_size, a.uploaded_by, a.uploaded_at
from desk.ticket_attachments a
left join app.files f on f.org_id = a.org_id and f.attachment_id = a.attachment_id
where a.org_id = (select app.org_id());

comment on view api.ticket_attachments is 'Attachments that the reader may have; file_id is what GET /api/files/{file_id} takes (spec: command_center §1.7).';
revoke all on api.ticket_attachments from public;
grant select on api.ticket_attachments to authenticated, analyst;
