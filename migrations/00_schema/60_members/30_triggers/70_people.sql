-- Who is deleted has no records any more.

create or replace function members.profiles_after_leave() returns trigger
language plpgsql
security definer -- takes back records and rejects requests, on which whoever manages people may have no right
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
begin
    -- Alone: reservations of the same person may be about to end in this transaction, too.
    perform members.lock_reservations(new.org_id, true);
    v_ids := array(
        select q.request_id
        from members.download_requests q
        where q.org_id = new.org_id and q.staff_id = new.user_id and q.status = 'pending'
        order by q.request_id
        for no key update
    );
    perform members.reject_requests(new.org_id, v_ids);
    v_ids := array(
        select r.record_id
        from members.records r
        where r.org_id = new.org_id and r.assigned_to = new.user_id and r.status = 'assigned'
        order by r.record_id
        for no key update
    );
    if cardinality(v_ids) > 0 then
        perform members.take_back_records(new.org_id, v_ids);
        perform members.resolve_alerts(new.org_id, m.module, new.user_id)
        from unnest(array['normal', 'member_wd', 'bonanza']) as m (module);
        perform app.emit_for(new.org_id, 'records.recalled', array[new.user_id::text], array['records', 'batches', 'databases']);
    end if;
    delete from members.batch_titles t where t.org_id = new.org_id and t.user_id = new.user_id;
    delete from members.page_views v where v.org_id = new.org_id and v.user_id = new.user_id;
    return null;
end
$$;

comment on function members.profiles_after_leave() is
    'When a person is deleted: what they asked for is rejected, what they had is available again in all modules; archived records keep their name (spec: member §5.1; case 10, BF-6, LD-4).';
revoke all on function members.profiles_after_leave() from public;

create or replace trigger profiles_60_let_go_of_records
after update of deleted_at on app.profiles
for each row
when (old.deleted_at is null and new.deleted_at is not null)
execute function members.profiles_after_leave();
