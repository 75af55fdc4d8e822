-- Reads the id of a batch of a normal database: <request_id>, or legacy_<database_id>.

create or replace function members.take_request_batch(p_id text) returns table (batch_id bigint, database_id bigint)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_number bigint := case
        when p_id ~ '^(legacy_)?[1-9][0-9]{0,17}$' then replace(p_id, 'legacy_', '')::bigint
    end;
begin
    if p_id like 'legacy\_%' then
        return query
        select null::bigint, d.database_id
        from members.databases d
        where d.org_id = app.org_id() and d.database_id = v_number and d.module = 'normal' and d.deleted_at is null
          and exists (
              select
              from members.records r
              where r.org_id = d.org_id and r.assigned_to = app.uid() and r.module = 'normal' and r.status = 'assigned'
                and r.database_id = d.database_id and r.batch_id is null
          );
    else
        return query
        select b.batch_id, b.database_id
        from members.download_requests q
        join members.batches b on b.org_id = q.org_id and b.batch_id = q.batch_id and b.closed_at is null
        join members.databases d on d.org_id = q.org_id and d.database_id = q.database_id and d.deleted_at is null
        where q.org_id = app.org_id() and q.request_id = v_number and q.staff_id = app.uid();
    end if;
    if not found then
        perform app.fail('PT404', 'batch.not_found', 'You have no such batch.', left(p_id, 100));
    end if;
end
$$;

comment on function members.take_request_batch(text) is
    'One of the caller''s own; batch_id null: a legacy one. Raises PT404 batch.not_found (spec: member §5.4, case 33).';
revoke all on function members.take_request_batch(text) from public;
grant execute on function members.take_request_batch(text) to authenticated;
