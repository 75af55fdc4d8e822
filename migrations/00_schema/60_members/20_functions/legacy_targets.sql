-- In which batch records of the previous system belong that have lost theirs.

create or replace function members.legacy_targets(p_org_id uuid) returns table (
    legacy_id text,
    is_orphan boolean,
    source_id text,
    batch text,
    method integer,
    reason text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with zone as materialized (select app.setting_of(p_org_id, 'time_zone') #>> '{}' as name),
    rows as materialized (select * from members.legacy_rows(p_org_id)),
    cards as materialized (
        select b.legacy_id as batch, b.staff, b.database_name, b.created_at, (b.created_at at time zone z.name)::date as day
        from members.legacy_batches b
        cross join zone z
        where b.org_id = p_org_id
    ),
    broken as (
        select r.*, r.batch is not null as is_orphan
        from rows r
        where r.record_id is null and r.status = 'assigned'
          and case
              when r.batch is null then r.is_replacement
              else not exists (select from cards c where c.batch = r.batch)
          end
    ),
    aimed as (
        select
            b.legacy_id, b.is_orphan, b.is_replacement, b.staff, b.database_name, s.legacy_id as source_id, s.batch as source_batch,
            -- What a replacement replaced says when their batch was made; others have their own time.
            case when b.is_replacement then s.assigned_at else b.assigned_at end as assigned_at
        from broken b
        left join lateral (
            select x.legacy_id, x.batch, x.assigned_at
            from unnest(b.replaced_ids) with ordinality as i (id, position)
            join rows x on x.legacy_id = i.id and x.status = 'invalid_archived'
            order by i.position
            limit 1
        ) s on b.is_replacement
    )
    select
        a.legacy_id, a.is_orphan, a.source_id, t.batch, t.method,
        case
            when t.batch is not null then null
            when a.is_replacement and a.source_id is null then 'what it replaced is not there'
            else 'no batch of this staff and database'
        end
    from aimed a
    left join lateral (
        select m.batch, m.method
        from (
            select c.batch, 1 as method, null::interval as distance
            from cards c
            where a.is_replacement and c.batch = a.source_batch
            union all
            select c.batch, 2, null
            from cards c
            where c.staff = a.staff and c.database_name = a.database_name and c.created_at = a.assigned_at
            union all
            -- The same calendar day, not after; a replacement takes the last of that day, others the first.
            select c.batch, 3, case when a.is_replacement then a.assigned_at - c.created_at else c.created_at - a.assigned_at end
            from cards c
            cross join zone z
            where c.staff = a.staff and c.database_name = a.database_name and c.created_at <= a.assigned_at
              and c.day = (a.assigned_at at time zone z.name)::date
            union all
            -- Any of them: the oldest, so that it is the same one each time.
            select c.batch, 4, c.created_at - timestamptz 'epoch'
            from cards c
            where c.staff = a.staff and c.database_name = a.database_name
              and a.is_orphan and a.is_replacement and a.source_id is not null
        ) m
        order by m.method, m.distance, m.batch
        limit 1
    ) t on true
$$;

comment on function members.legacy_targets(uuid) is
    'One row for each assigned record, not yet brought in, whose batch does not exist (is_orphan), and for each replacement without a batch. method: 1 the batch of what it replaced (source_id), 2 created exactly when that was assigned, 3 the same day and not after, 4 any of the same staff and database, for orphaned replacements alone; who replaced nothing is placed by the own time, methods 2 and 3. reason: why there is none (spec: member §5.11; cases 103 to 106).';
revoke all on function members.legacy_targets(uuid) from public;
