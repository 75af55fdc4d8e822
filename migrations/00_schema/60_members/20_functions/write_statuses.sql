-- Writes down whether members can be written to and have answered.

create or replace function members.write_statuses(p_record_ids bigint[], p_wanted jsonb) returns bigint[]
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_reach uuid[] := case
        when app.can('records', 'mark', 'all') then null
        when app.can('records', 'mark', 'team') then app.team_ids()
        else array[app.uid()]
    end;
    v_ids bigint[];
    v_now timestamptz := app.now();
begin
    v_ids := array(
        select r.record_id
        from members.records r
        join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id and d.deleted_at is null
        where r.org_id = v_org_id and r.record_id = any (p_record_ids) and r.module = 'normal' and r.status = 'assigned'
          and (v_reach is null or r.assigned_to = any (v_reach))
        order by r.record_id
        for no key update of r
    );
    if cardinality(v_ids) = 0 then
        perform app.fail('PT404', 'records.not_found', 'None of these records is yours.');
    end if;

    -- Each has a time of its own, also of being cleared: how fast somebody answers is read from it (LD-5).
    update members.records r
    set whatsapp_status = case when p_wanted ? 'whatsapp_status' then p_wanted ->> 'whatsapp_status' else r.whatsapp_status end,
        whatsapp_status_updated_at = case when p_wanted ? 'whatsapp_status' then v_now else r.whatsapp_status_updated_at end,
        respond_status = case when p_wanted ? 'respond_status' then p_wanted ->> 'respond_status' else r.respond_status end,
        respond_status_updated_at = case when p_wanted ? 'respond_status' then v_now else r.respond_status_updated_at end
    where r.org_id = v_org_id and r.record_id = any (v_ids);
    perform app.emit('records.marked', array[app.uid()::text], array['records', 'batches']);
    return v_ids;
end
$$;

comment on function members.write_statuses(bigint[], jsonb) is
    'p_wanted: whatsapp_status and respond_status where they are to be changed. Returns the ids that were: assigned records of normal databases, the caller''s or of whom it manages. Raises PT404 records.not_found when there is none (spec: member §5.3, case 29).';
revoke all on function members.write_statuses(bigint[], jsonb) from public;
