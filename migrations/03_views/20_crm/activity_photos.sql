-- Photos with their files, as people read them.

create view api.activity_photos with (security_invoker = true) as
select
    p.org_id, p.photo_id, p.activity_id, f.file_id, f.file_name, f.mime_type, f.size_bytes, p.uploaded_by, p.uploaded_at
from crm.activity_photos p
left join app.files f on f.org_id = p.org_id and f.photo_id = p.photo_id
where p.org_id = (select app.org_id());

comment on view api.activity_photos is
    'Photos that the reader may see; file_id is what GET /api/files/{file_id} takes; activity_id null: not used yet (decisions §1.4).';
revoke all on api.activity_photos from public;
grant select on api.activity_photos to authenticated, analyst;
