-- Some of the previous system's records whose batch does not exist, and where their trace leads.

create or replace function members.orphan_samples(p_org_id uuid, p_limit integer) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_agg(to_jsonb(o) order by o.record_id), '[]')
    from (
        select
            r.legacy_id as record_id, r.batch as batch_id, r.is_replacement, r.database_name, r.assigned_at,
            (
                select jsonb_build_object(
                    'record_id', s.legacy_id, 'batch_id', s.batch, 'batch_exists', b.legacy_id is not null,
                    'database_name', b.database_name, 'staff_email', b.staff, 'current_count', coalesce(b.repaired_count, b.current_count)
                )
                from unnest(r.replaced_ids) with ordinality as i (id, position)
                join members.legacy_rows(p_org_id) s on s.legacy_id = i.id and s.status = 'invalid_archived'
                left join members.legacy_batches b on b.org_id = p_org_id and b.legacy_id = s.batch
                order by i.position
                limit 1
            ) as traced
        from members.legacy_rows(p_org_id) r
        where r.record_id is null and r.status = 'assigned' and r.batch is not null
          and not exists (select from members.legacy_batches b where b.org_id = p_org_id and b.legacy_id = r.batch)
        order by r.legacy_id
        limit p_limit
    ) o
$$;

comment on function members.orphan_samples(uuid, integer) is
    '[{record_id, batch_id: the dead one, is_replacement, database_name, assigned_at, traced: {record_id, batch_id, batch_exists, database_name, staff_email, current_count} of the archived record it replaced, or null}] (spec: member §5.11 diagnose).';
revoke all on function members.orphan_samples(uuid, integer) from public;
