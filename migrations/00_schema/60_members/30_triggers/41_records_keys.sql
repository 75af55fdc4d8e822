-- Records and what they refer to: the promise of foreign keys, kept by statement.

create or replace function members.records_check_keys() returns trigger
language plpgsql
security definer -- looks at batches and people whom the caller may not see
-- By key, whatever the statistics say of the transition table.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text;
begin
    -- Whoever hands out records has locked their database and batch (members.take_database, members.new_batch).
    select case
        when d.database_id is null then 'database'
        when b.batch_id is null and w.batch_id is not null then 'batch'
        when q.request_id is null and w.request_id is not null then 'request'
        else 'people'
    end
    into v_missing
    from (
        select distinct n.org_id, n.module, n.database_id, n.batch_id, n.assigned_to, n.assigned_by, n.archived_by,
            n.request_id, n.status = 'requested' as is_requested
        from new_rows n
    ) w
    left join members.databases d on d.org_id = w.org_id and d.module = w.module and d.database_id = w.database_id
    -- A record is in a batch of its own database and of the staff it is with, or was with when archived.
    left join members.batches b
        on b.org_id = w.org_id and b.module = w.module and b.database_id = w.database_id and b.batch_id = w.batch_id
        and b.staff_id = w.assigned_to
    -- A record is with the request of its database that it was picked for, and with whoever asked.
    left join members.download_requests q
        on q.org_id = w.org_id and q.request_id = w.request_id and q.module = w.module and q.database_id = w.database_id
        and q.staff_id = coalesce(w.assigned_to, q.staff_id)
        -- … and waits while it does (30_triggers/55_download_requests.sql has the other half).
        and (not w.is_requested or q.status = 'pending')
    left join app.profiles t on t.org_id = w.org_id and t.user_id = w.assigned_to
    left join app.profiles y on y.org_id = w.org_id and y.user_id = w.assigned_by
    left join app.profiles z on z.org_id = w.org_id and z.user_id = w.archived_by
    where d.database_id is null
       or (w.batch_id is not null and b.batch_id is null)
       or (w.request_id is not null and q.request_id is null)
       or (w.assigned_to is not null and t.user_id is null)
       or (w.assigned_by is not null and y.user_id is null)
       or (w.archived_by is not null and z.user_id is null)
    limit 1;
    if found then
        raise exception 'a record refers to a % that is not there', v_missing
            using errcode = 'foreign_key_violation', constraint = 'records_' || v_missing || '_fkey';
    end if;
    return null;
end
$$;

comment on function members.records_check_keys() is
    'Statement trigger: database, batch and request (of that database and staff) and people of new and changed records exist, in their organisation. That they stay is members.records_referred. Raises 23503 (design §3).';
revoke all on function members.records_check_keys() from public;

create or replace trigger records_40_keys_insert
after insert on members.records
referencing new table as new_rows
for each statement execute function members.records_check_keys();

create or replace trigger records_41_keys_update
after update on members.records
referencing new table as new_rows
for each statement execute function members.records_check_keys();

create or replace function members.records_referred() returns trigger
language plpgsql
security definer -- looks at records that the caller may not see
set search_path = pg_catalog, pg_temp
as $$
declare
    v_referred boolean;
begin
    v_referred := case tg_table_name
        when 'databases' then exists (
            select
            from old_rows o
            join members.records r on r.org_id = o.org_id and r.database_id = (to_jsonb(o) ->> 'database_id')::bigint
        )
        when 'batches' then exists (
            select
            from old_rows o
            join members.records r
                on r.org_id = o.org_id and r.assigned_to = (to_jsonb(o) ->> 'staff_id')::uuid
                and r.batch_id = (to_jsonb(o) ->> 'batch_id')::bigint
        )
        or exists (
            select
            from old_rows o
            join members.assignments a
                on a.org_id = o.org_id and a.database_id = (to_jsonb(o) ->> 'database_id')::bigint
                and a.staff_id = (to_jsonb(o) ->> 'staff_id')::uuid and a.batch_no = (to_jsonb(o) ->> 'batch_id')::bigint
        )
        when 'download_requests' then exists (
            select
            from old_rows o
            cross join lateral jsonb_array_elements_text(to_jsonb(o) -> 'record_ids') as i (record_id)
            join members.records r on r.org_id = o.org_id and r.record_id = i.record_id::bigint
            where r.request_id = (to_jsonb(o) ->> 'request_id')::bigint
        )
        else exists (
            select
            from old_rows o
            join members.records r
                on r.org_id = o.org_id
                and (to_jsonb(o) ->> 'user_id')::uuid in (r.assigned_to, r.assigned_by, r.archived_by)
        )
    end;
    if v_referred then
        raise exception 'records or assignments refer to it' using errcode = 'foreign_key_violation', constraint = 'records_' || tg_table_name || '_fkey';
    end if;
    return null;
end
$$;

comment on function members.records_referred() is
    'Statement trigger of databases, batches, requests and people: none goes while records or assignments refer to it. Raises 23503 (design §3).';
revoke all on function members.records_referred() from public;

create or replace trigger databases_50_no_records_left
after delete on members.databases
referencing old table as old_rows
for each statement execute function members.records_referred();

create or replace trigger batches_50_no_records_left
after delete on members.batches
referencing old table as old_rows
for each statement execute function members.records_referred();

create or replace trigger profiles_50_no_records_left
after delete on app.profiles
referencing old table as old_rows
for each statement execute function members.records_referred();

create or replace function members.batches_before_move() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'a batch keeps its database and staff' using errcode = 'foreign_key_violation', constraint = 'records_batch_fkey';
end
$$;

comment on function members.batches_before_move() is 'Refuses to give a batch to another database or staff. Raises 23503 (design §3).';
revoke all on function members.batches_before_move() from public;

create or replace trigger batches_10_stay
before update of org_id, batch_id, module, database_id, staff_id on members.batches
for each row
when ((old.org_id, old.batch_id, old.module, old.database_id, old.staff_id)
    is distinct from (new.org_id, new.batch_id, new.module, new.database_id, new.staff_id))
execute function members.batches_before_move();
