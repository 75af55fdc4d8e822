-- Mends what the previous system has damaged, as far as its rows say how.

create or replace function members.repair_legacy(p_org_id uuid) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found jsonb;
    v_counts jsonb;
begin
    perform pg_advisory_xact_lock(hashtextextended('legacy|' || p_org_id, 0));
    select coalesce(jsonb_agg(to_jsonb(t) order by t.legacy_id), '[]') into v_found from members.legacy_targets(p_org_id) t;

    update members.legacy_records r
    set repaired_batch = t.batch, repaired_by = 'method_' || t.method
    from jsonb_to_recordset(v_found) as t (legacy_id text, batch text, method integer)
    where r.org_id = p_org_id and r.legacy_id = t.legacy_id and t.batch is not null;

    -- What was replaced was in the batch of its replacement.
    update members.legacy_records r
    set repaired_batch = t.batch, repaired_by = 'of its replacement'
    from (
        select distinct on (t.source_id) t.source_id, t.batch
        from jsonb_to_recordset(v_found) as t (legacy_id text, source_id text, batch text)
        where t.batch is not null and t.source_id is not null
        order by t.source_id, t.legacy_id
    ) t
    where r.org_id = p_org_id and r.legacy_id = t.source_id and r.record_id is null
      and not exists (
          select
          from members.legacy_batches b
          where b.org_id = r.org_id and b.legacy_id = coalesce(r.repaired_batch, r.batch)
      );

    with counted as (
        select b.legacy_id, coalesce(b.repaired_count, b.current_count) as old_count, count(r.legacy_id)::integer as new_count
        from members.legacy_batches b
        left join members.legacy_rows(p_org_id) r on r.batch = b.legacy_id and r.status = 'assigned'
        where b.org_id = p_org_id
        group by b.org_id, b.legacy_id
    ),
    changed as (
        update members.legacy_batches b
        set repaired_count = c.new_count
        from counted c
        where b.org_id = p_org_id and b.legacy_id = c.legacy_id and c.old_count is distinct from c.new_count
        returning b.legacy_id, c.old_count, c.new_count
    )
    select coalesce(jsonb_agg(jsonb_build_object('batch_id', c.legacy_id, 'old', c.old_count, 'new', c.new_count) order by c.legacy_id), '[]')
    into v_counts
    from changed c;

    return (
        select jsonb_build_object(
            'orphaned_fixed', count(*) filter (where t.is_orphan and t.batch is not null),
            'replacements_fixed', count(*) filter (where not t.is_orphan and t.batch is not null),
            'batch_counts_updated', jsonb_array_length(v_counts),
            'errors', coalesce(
                jsonb_agg(jsonb_build_object('record_id', t.legacy_id, 'reason', t.reason) order by t.legacy_id) filter (where t.batch is null), '[]'
            ),
            'fix_details', coalesce(
                jsonb_agg(
                    jsonb_build_object('record_id', t.legacy_id, 'batch_id', t.batch, 'method', 'method_' || t.method) order by t.legacy_id
                ) filter (where t.batch is not null),
                '[]'
            ),
            'count_updates', v_counts
        )
        from jsonb_to_recordset(v_found) as t (legacy_id text, is_orphan boolean, batch text, method integer, reason text)
    );
end
$$;

comment on function members.repair_legacy(uuid) is
    'Returns {orphaned_fixed, replacements_fixed, batch_counts_updated, errors: [{record_id, reason}], fix_details: [{record_id, batch_id, method}], count_updates: [{batch_id, old, new}]}, ids of the previous system. What no method places stays as it is. A second run changes nothing (spec: member §5.11 repair; cases 103 to 107).';
revoke all on function members.repair_legacy(uuid) from public;
