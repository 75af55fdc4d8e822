-- Makes records available again, as if nobody had ever had them.

create or replace function members.release_records(p_org_id uuid, p_record_ids bigint[]) returns void
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    update members.records r
    set status = 'available',
        batch_id = null,
        assigned_to = null,
        assigned_at = null,
        assigned_by = null,
        validation_status = null,
        validation_reason = null,
        validated_at = null,
        archived_at = null,
        archived_by = null,
        is_reservation_conflict = false,
        request_id = null,
        whatsapp_status = null,
        whatsapp_status_updated_at = null,
        respond_status = null,
        respond_status_updated_at = null,
        -- A new place in the random order: it is not the next to be picked again.
        pick_key = floor(random() * 2147483647)
    where r.org_id = p_org_id and r.record_id = any (p_record_ids);
end
$$;

comment on function members.release_records(uuid, bigint[]) is
    'Clears assignee, batch, request, marks and conflict flag; what happened stays in members.assignments (spec: member §5.10 recall and restore, LD-15).';
revoke all on function members.release_records(uuid, bigint[]) from public;
