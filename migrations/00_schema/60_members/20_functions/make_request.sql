-- Writes a request for records that were just picked: they are nobody else's from now on.

create or replace function members.make_request(p_database members.databases, p_record_ids bigint[], p_skipped bigint) returns bigint
language plpgsql
-- By key: the array is short beside the table.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request_id bigint;
begin
    insert into members.download_requests (org_id, database_id, staff_id, record_ids, skipped_reserved_count, requested_at)
    values ((p_database).org_id, (p_database).database_id, app.uid(), p_record_ids, p_skipped, app.now())
    returning request_id into v_request_id;

    update members.records r
    set status = 'requested', request_id = v_request_id
    where r.org_id = (p_database).org_id and r.record_id = any (p_record_ids);
    return v_request_id;
end
$$;

comment on function members.make_request(members.databases, bigint[], bigint) is
    'p_record_ids: available records of the database, locked; p_skipped: how many were passed by as reserved. Returns request_id of the caller''s pending request (spec: member §5.2, BF-7).';
revoke all on function members.make_request(members.databases, bigint[], bigint) from public;
