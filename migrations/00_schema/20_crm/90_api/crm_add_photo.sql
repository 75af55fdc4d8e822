-- Registers a stored file as a photo that is going to prove a visit.

create or replace function api.crm_add_photo(
    p_file_name text,
    p_mime_type text,
    p_size_bytes bigint,
    p_sha256 text,
    p_bucket text,
    p_path text
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: photos are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_user_id uuid := app.uid();
    v_request jsonb := jsonb_build_object('file_name', p_file_name, 'sha256', p_sha256);
    v_answer jsonb;
    v_photo_id bigint;
    v_file_id bigint;
begin
    perform app.require('activity_photos', 'insert');
    -- Of the file its digest is the request; where this attempt stored it is not.
    v_answer := app.replay('crm_add_photo', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    if p_bucket is distinct from 'prospect-evidence' or not starts_with(p_path, v_user_id || '/') then
        perform app.refuse_field('file', 'activity.photo.path', 'is not stored in the folder of this person');
    end if;
    if p_mime_type is null or p_mime_type not like 'image/%' then
        perform app.refuse_field('file', 'activity.photo.type', 'is no picture');
    end if;
    insert into crm.activity_photos (org_id, uploaded_by, uploaded_at)
    values (v_org_id, v_user_id, app.now())
    returning photo_id into v_photo_id;
    insert into app.files (org_id, bucket, path, file_name, mime_type, size_bytes, sha256, photo_id, created_by)
    values (v_org_id, p_bucket, p_path, p_file_name, p_mime_type, p_size_bytes, p_sha256, v_photo_id, v_user_id)
    returning file_id into v_file_id;
    return app.remember(
        'crm_add_photo', v_request,
        jsonb_build_object(
            'photo_id', v_photo_id, 'file_id', v_file_id, 'file_name', p_file_name, 'mime_type', p_mime_type,
            'file_size', p_size_bytes, 'uploaded_at', app.now()
        )
    );
end
$$;

comment on function api.crm_add_photo(text, text, bigint, text, text, text) is
    'p_path: <user id>/… in bucket prospect-evidence, where the file is already. Returns {photo_id (for api.crm_log_activity and api.crm_complete_activity), file_id, file_name, mime_type, file_size, uploaded_at}. Raises PT401, PT403, PT422 (decisions §1.4; spec: command_center §2.3).';
revoke all on function api.crm_add_photo(text, text, bigint, text, text, text) from public;
grant execute on function api.crm_add_photo(text, text, bigint, text, text, text) to authenticated;
