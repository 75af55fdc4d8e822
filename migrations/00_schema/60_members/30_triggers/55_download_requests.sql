-- Audit of requests and of titles of legacy batches.

create or replace trigger download_requests_90_audit_insert
after insert on members.download_requests
referencing new table as new_rows
for each statement execute function app.audit_row_change('request_id');

create or replace trigger download_requests_91_audit_update
after update on members.download_requests
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('request_id');

create or replace trigger download_requests_92_audit_delete
after delete on members.download_requests
referencing old table as old_rows
for each statement execute function app.audit_row_change('request_id');

create or replace function members.download_requests_after_decision() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from new_rows q
        join members.databases d on d.org_id = q.org_id and d.database_id = q.database_id and d.deleted_at is null
        cross join lateral unnest(q.record_ids) as i (record_id)
        join members.records r on r.org_id = q.org_id and r.record_id = i.record_id
        where q.status <> 'pending' and r.status = 'requested' and r.request_id = q.request_id
    ) then
        raise exception 'records wait for a request that was decided'
            using errcode = 'check_violation', constraint = 'download_requests_records_check';
    end if;
    return null;
end
$$;

comment on function members.download_requests_after_decision() is
    'Statement trigger: no record is left requested when its request is decided, unless its database is gone. Raises 23514 (spec: member §5.2 repair: what the previous system had to mend cannot be; LD-29).';
revoke all on function members.download_requests_after_decision() from public;

create or replace trigger download_requests_60_no_record_waits
after update on members.download_requests
referencing new table as new_rows
for each statement execute function members.download_requests_after_decision();

create or replace trigger download_requests_50_no_records_left
after delete on members.download_requests
referencing old table as old_rows
for each statement execute function members.records_referred();

create or replace trigger batch_titles_90_audit_insert
after insert on members.batch_titles
referencing new table as new_rows
for each statement execute function app.audit_row_change('database_id');

create or replace trigger batch_titles_91_audit_update
after update on members.batch_titles
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('database_id');

create or replace trigger batch_titles_92_audit_delete
after delete on members.batch_titles
referencing old table as old_rows
for each statement execute function app.audit_row_change('database_id');
