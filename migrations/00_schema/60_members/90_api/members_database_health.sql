-- Whether a database's numbers are what they say: kept ones beside those counted anew.

create or replace function api.members_database_health(p_module text, p_database_id bigint) returns jsonb
language plpgsql
stable
security definer -- counts records that nobody reads one by one
set enable_seqscan = off
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_database members.databases;
    v_kept record;
    v_counted record;
    v_unmatched bigint;
    v_unflagged bigint;
    v_issues jsonb;
begin
    perform app.require('data_sync', 'select');
    select d.* into v_database
    from members.databases d
    where d.org_id = v_org_id and d.module = p_module and d.database_id = p_database_id and d.deleted_at is null;
    if not found then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    select c.* into v_kept from members.counts_of(array[p_database_id]) c;
    select
        count(*) as total,
        count(*) filter (where r.status = 'available') as available,
        count(*) filter (where r.status = 'requested') as requested,
        count(*) filter (where r.status = 'assigned') as assigned,
        count(*) filter (where r.status = 'invalid_archived') as archived,
        count(*) filter (where r.is_reservation_conflict) as conflicts
    into v_counted
    from members.records r
    where r.org_id = v_org_id and r.module = p_module and r.database_id = p_database_id;
    -- With somebody, and no assignment says since when; or the other way round.
    select count(*)
    into v_unmatched
    from members.records r
    where r.org_id = v_org_id and r.module = p_module and r.database_id = p_database_id
      and (r.status = 'assigned') is distinct from exists (
          select
          from members.assignments a
          where a.org_id = r.org_id and a.record_id = r.record_id and a.is_live
            and (a.staff_id, a.batch_id) is not distinct from (r.assigned_to, r.batch_id)
      )
      and (r.status = 'assigned' or exists (
          select from members.assignments a where a.org_id = r.org_id and a.record_id = r.record_id and a.is_live
      ));
    -- Flagged without an open line of the log, or not flagged with one.
    select count(*)
    into v_unflagged
    from (
        select r.record_id
        from members.records r
        where r.org_id = v_org_id and r.module = p_module and r.database_id = p_database_id and r.is_reservation_conflict
        union
        select c.record_id
        from members.conflicts c
        where c.org_id = v_org_id and c.database_id = p_database_id and c.restored_at is null
    ) s
    left join members.records r on r.org_id = v_org_id and r.record_id = s.record_id
    where coalesce(r.is_reservation_conflict, false) is distinct from exists (
        select from members.conflicts c where c.org_id = v_org_id and c.record_id = s.record_id and c.restored_at is null
    );

    v_issues := jsonb_build_object(
        'counts_differ',
        (
            (v_kept.total_records, v_kept.available_count + v_kept.excluded_count, v_kept.requested_count, v_kept.assigned_count,
             v_kept.archived_count, v_kept.conflict_count)
            is distinct from
            (v_counted.total, v_counted.available, v_counted.requested, v_counted.assigned, v_counted.archived, v_counted.conflicts)
        )::integer,
        'assignments_unmatched', v_unmatched,
        'conflicts_unmatched', v_unflagged
    );
    return jsonb_build_object(
        'database_id', p_database_id,
        'database_name', v_database.name,
        'is_healthy', not exists (select from jsonb_each_text(v_issues) i where i.value <> '0'),
        'sum_matches',
        v_kept.total_records
        = v_kept.available_count + v_kept.requested_count + v_kept.assigned_count + v_kept.archived_count + v_kept.excluded_count,
        'kept', to_jsonb(v_kept) - 'database_id',
        'counted', to_jsonb(v_counted),
        'issues', v_issues,
        'batches', (
            select count(*)
            from members.batches b
            where b.org_id = v_org_id and b.module = p_module and b.database_id = p_database_id and b.closed_at is null
        )
    );
end
$$;

comment on function api.members_database_health(text, bigint) is
    'Counts every record of the database: a second for a million. Returns {database_id, database_name, is_healthy, sum_matches, kept: members.counts_of, counted: {total, available: reserved ones too, requested, assigned, archived, conflicts}, issues: {counts_differ, assignments_unmatched, conflicts_unmatched: how many}, batches: open ones}. What else the previous system looked for the schema makes impossible. Raises PT401, PT403, PT404 database.not_found (spec: member §5.11 health).';
revoke all on function api.members_database_health(text, bigint) from public;
grant execute on function api.members_database_health(text, bigint) to authenticated;
