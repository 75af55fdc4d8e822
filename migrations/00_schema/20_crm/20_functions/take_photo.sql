-- Takes a photo of the caller's that proves nothing yet: where it is, for the activity that it is going to prove.

create or replace function crm.take_photo(p_wanted jsonb) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_photo crm.activity_photos;
begin
    if not p_wanted ? 'photo_id' then
        return p_wanted ->> 'evidence_photo_url';
    end if;
    if p_wanted ? 'evidence_photo_url' then
        perform app.refuse_field('photo_id', 'activity.photo_id.one', 'name the photo or its address, not both');
    end if;
    -- Of two who use it at once the second waits here, and finds it used.
    select p.* into v_photo
    from crm.activity_photos p
    where p.org_id = app.org_id() and p.photo_id = (p_wanted ->> 'photo_id')::bigint and p.uploaded_by = app.uid()
    for no key update;
    if not found then
        perform app.refuse_field('photo_id', 'activity.photo_id.unknown', 'is no photo of yours');
    end if;
    if v_photo.activity_id is not null then
        perform app.fail('PT409', 'activity.photo.used', 'This photo proves another activity.', v_photo.photo_id::text);
    end if;
    return (
        select '/api/files/' || f.file_id from app.files f where f.org_id = v_photo.org_id and f.photo_id = v_photo.photo_id
    );
end
$$;

comment on function crm.take_photo(jsonb) is
    'p_wanted: {photo_id} or {evidence_photo_url} or neither. Returns the address of the photo; locks it. Raises PT409 activity.photo.used, PT422 activity.photo_id.unknown (decisions §1.4).';
revoke all on function crm.take_photo(jsonb) from public;
