-- Registers a stored file as evidence.

create or replace function api.kpi_add_evidence(
    p_metric_key text,
    p_file_name text,
    p_mime_type text,
    p_size_bytes bigint,
    p_sha256 text,
    p_bucket text,
    p_path text,
    p_user_id uuid default null,
    p_target_id bigint default null,
    p_entry_id bigint default null,
    p_notes text default null
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: evidence is inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_user_id uuid := coalesce(p_user_id, app.uid());
    v_request jsonb := jsonb_build_object(
        'metric_key', p_metric_key, 'file_name', p_file_name, 'sha256', p_sha256, 'user_id', p_user_id,
        'target_id', p_target_id, 'entry_id', p_entry_id, 'notes', p_notes
    );
    v_answer jsonb;
    v_evidence_id bigint;
begin
    perform app.require('kpi_evidence', 'insert');
    -- Of the file its digest is the request; where this attempt stored it is not.
    v_answer := app.replay('kpi_add_evidence', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    perform kpi.metric_of(p_metric_key);
    if kpi.group_of(v_user_id) is null then
        perform kpi.refuse('user_id', 'kpi_evidence.user_id.unknown', 'is nobody active here');
    end if;
    if not app.may_insert_kpi_entries('kpi_evidence', v_user_id) then
        perform app.fail('PT403', 'permission.denied', 'You may not add evidence for that person.', p_metric_key);
    end if;
    if p_target_id is not null and not exists (
        select
        from kpi.kpi_targets t
        where t.org_id = v_org_id and t.target_id = p_target_id and t.metric_key = p_metric_key and t.assignee_user_id = v_user_id
    ) then
        perform kpi.refuse('target_id', 'kpi_evidence.target_id.unknown', 'is no target of this metric and person');
    end if;
    if p_entry_id is not null and not exists (
        select
        from kpi.kpi_entries e
        where e.org_id = v_org_id and e.entry_id = p_entry_id and e.metric_key = p_metric_key and e.assignee_user_id = v_user_id
    ) then
        perform kpi.refuse('entry_id', 'kpi_evidence.entry_id.unknown', 'is no entry of this metric and person');
    end if;
    if p_bucket <> 'kpi-evidence' or not starts_with(p_path, p_metric_key || '/' || v_user_id || '/') then
        perform kpi.refuse('file', 'kpi_evidence.path', 'is not stored in the folder of this metric and person');
    end if;

    insert into kpi.kpi_evidence (org_id, metric_key, user_id, target_id, entry_id, notes, created_by)
    values (v_org_id, p_metric_key, v_user_id, p_target_id, p_entry_id, nullif(btrim(p_notes), ''), app.uid())
    returning evidence_id into v_evidence_id;
    insert into app.files (org_id, bucket, path, file_name, mime_type, size_bytes, sha256, evidence_id, created_by)
    values (v_org_id, p_bucket, p_path, p_file_name, p_mime_type, p_size_bytes, p_sha256, v_evidence_id, app.uid());

    perform app.emit('kpi_evidence.created', array[v_evidence_id::text], array['kpi_evidence']);
    return app.remember(
        'kpi_add_evidence', v_request,
        (
            select to_jsonb(e) - 'org_id' || jsonb_build_object('id', e.evidence_id, 'filename', e.file_name, 'size', e.size_bytes)
            from api.kpi_evidence e
            where e.evidence_id = v_evidence_id
        )
    );
end
$$;

comment on function api.kpi_add_evidence(text, text, text, bigint, text, text, text, uuid, bigint, bigint, text) is
    'p_path: <metric_key>/<user id>/… in bucket kpi-evidence, where the file is already; p_user_id: whose achievement, default oneself; p_target_id, p_entry_id: of the same metric and person. Returns the row of api.kpi_evidence with id, filename and size. Raises PT403, PT422 (spec: command_center §5.3, §7, case 103).';
revoke all on function api.kpi_add_evidence(text, text, text, bigint, text, text, text, uuid, bigint, bigint, text) from public;
grant execute on function api.kpi_add_evidence(text, text, text, bigint, text, text, text, uuid, bigint, bigint, text) to authenticated;
