-- What is wrong with batches: of ours, which cannot be, and of what the previous system left.

create or replace function api.members_diagnose_batches() returns jsonb
language plpgsql
stable
security definer -- reads the rows of the previous system, which nobody can
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_summary jsonb;
    v_staff jsonb;
    v_totals record;
begin
    perform app.require('records', 'assign');
    perform members.check_all_records();
    with live as materialized (
        select r.batch_id, r.assigned_to, count(*) as rows
        from members.records r
        where r.org_id = v_org_id and r.assigned_to is not null and r.module = 'member_wd' and r.status = 'assigned'
        group by r.batch_id, r.assigned_to
    ),
    staged as materialized (
        select r.*, exists (select from members.legacy_batches b where b.org_id = v_org_id and b.legacy_id = r.batch) as has_batch
        from members.legacy_rows(v_org_id) r
        where r.record_id is null
    ),
    replacements as (
        select count(*) as rows
        from members.assignments a
        where a.org_id = v_org_id and a.module = 'member_wd' and a.is_live and a.is_replacement
    )
    select jsonb_build_object(
        'total_assigned_records', (select coalesce(sum(l.rows), 0) from live l) + count(*) filter (where s.status = 'assigned'),
        'records_without_batch_id', (select coalesce(sum(l.rows), 0) from live l where l.batch_id is null)
            + count(*) filter (where s.status = 'assigned' and s.batch is null),
        'replacement_records_total', (select r.rows from replacements r) + count(*) filter (where s.status = 'assigned' and s.is_replacement),
        'replacements_with_batch', (select r.rows from replacements r)
            + count(*) filter (where s.status = 'assigned' and s.is_replacement and s.batch is not null),
        'replacements_without_batch', count(*) filter (where s.status = 'assigned' and s.is_replacement and s.batch is null),
        'archived_records', (
            select coalesce(sum(c.archived_count), 0)
            from members.counts_of(array(
                select d.database_id from members.databases d where d.org_id = v_org_id and d.module = 'member_wd' and d.deleted_at is null
            )) c
        ) + count(*) filter (where s.status = 'invalid_archived'),
        'orphaned_records', (
            select coalesce(sum(l.rows), 0)
            from live l
            where l.batch_id is not null
              and not exists (select from members.batches b where b.org_id = v_org_id and b.batch_id = l.batch_id and b.staff_id = l.assigned_to)
        ) + count(*) filter (where s.status = 'assigned' and s.batch is not null and not s.has_batch)
    )
    into v_summary
    from staged s;

    with cards as materialized (select c.* from members.batch_cards(v_org_id) c),
    people as (
        select
            c.staff_id, c.staff, count(*) as batch_count, sum(c.stored_current) as stored_total, sum(c.actual_assigned) as actual_total,
            jsonb_agg(
                jsonb_build_object(
                    'batch_id', c.batch_id, 'database_name', c.database_name, 'created_at', c.created_at, 'stored_initial', c.stored_initial,
                    'stored_current', c.stored_current, 'actual_assigned', c.actual_assigned,
                    'mismatch', c.stored_current <> c.actual_assigned
                )
                order by c.created_at desc, c.batch_id desc
            ) as batches
        from cards c
        group by c.staff_id, c.staff
    )
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'staff_id', p.staff_id, 'staff_name', p.staff, 'batch_count', p.batch_count, 'stored_total', p.stored_total,
                    'actual_total', p.actual_total, 'difference', p.stored_total - p.actual_total, 'batches', p.batches
                )
                order by p.staff, p.staff_id
            ),
            '[]'
        )
    into v_staff
    from people p;
    select
        count(*) as batches, coalesce(sum(c.stored_initial), 0) as initial, coalesce(sum(c.stored_current), 0) as current,
        coalesce(sum(c.actual_assigned), 0) as actual
    into v_totals
    from members.batch_cards(v_org_id) c;

    return jsonb_build_object(
        'summary', v_summary || jsonb_build_object(
            'total_batches', v_totals.batches, 'sum_of_initial_counts', v_totals.initial, 'sum_of_current_counts', v_totals.current
        ),
        'orphaned_samples', members.orphan_samples(v_org_id, 10),
        'staff_batch_summary', v_staff,
        'expected_total', v_totals.current,
        'actual_total', v_totals.actual,
        'difference', v_totals.current - v_totals.actual,
        'issues', (
            select jsonb_build_object(
                'missing_db_name', count(*) filter (where nullif(btrim(r.database_name), '') is null),
                'orphaned_assignments', count(*) filter (where r.status = 'assigned' and r.staff is null),
                'invalid_status', count(*) filter (where r.status = 'invalid'),
                'other_invalid_status', count(*) filter (
                    where r.status is null or r.status not in ('available', 'assigned', 'invalid', 'invalid_archived')
                )
            )
            from members.legacy_records r
            where r.org_id = v_org_id and r.record_id is null
        ),
        'refused', (
            select coalesce(jsonb_agg(jsonb_build_object('record_id', r.legacy_id, 'reason', r.refused_reason) order by r.legacy_id), '[]')
            from members.legacy_records r
            where r.org_id = v_org_id and r.record_id is null and r.refused_reason is not null
        ),
        'health_status', case
            when (v_summary ->> 'orphaned_records')::bigint = 0 and (v_summary ->> 'records_without_batch_id')::bigint = 0 then 'HEALTHY'
            else 'NEEDS_REPAIR'
        end
    );
end
$$;

comment on function api.members_diagnose_batches() is
    'Member WD: our rows, and those of the previous system that are not brought in (refused: those that cannot be, with the reason). Writes nothing. Returns {summary, orphaned_samples, staff_batch_summary, expected_total, actual_total, difference, issues, refused, health_status}: HEALTHY when there is no orphan and no assigned row without a batch, else NEEDS_REPAIR. Raises PT401, PT403 (spec: member §5.11 diagnose; cases 107, 109).';
revoke all on function api.members_diagnose_batches() from public;
grant execute on function api.members_diagnose_batches() to authenticated;
