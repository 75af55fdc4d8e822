-- Brings in records of the previous system, with who had them.

create or replace function members.bring_legacy_records(p_org_id uuid, p_legacy_ids text[]) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_brought integer;
begin
    with numbered as materialized (
        select x.database_id, max(x.row_number) as last
        from members.records x
        where x.org_id = p_org_id and x.database_id in (select l.database_id from members.legacy_databases l where l.org_id = p_org_id)
        group by x.database_id
    ),
    wanted as materialized (
        select
            r.legacy_id, r.row_data, r.assigned_at, r.validation_reason, r.validated_at, r.archived_at, p.user_id as staff_id,
            d.database_id, d.key_column, d.name_column, d.phone_column, b.batch_id, members.legacy_status(r.status, r.staff) as status,
            nextval(pg_get_serial_sequence('members.records', 'record_id')) as record_id,
            row_number() over (partition by d.database_id order by r.legacy_id) + coalesce(n.last, 0) as row_number,
            case
                when r.validation_status in ('validated', 'valid') then 'validated'
                when r.validation_status = 'invalid' then 'invalid'
            end as validation_status
        from members.legacy_records r
        join members.legacy_databases l on l.org_id = r.org_id and l.legacy_id = r.database_name
        join members.databases d on d.org_id = l.org_id and d.database_id = l.database_id
        left join members.legacy_batches b on b.org_id = r.org_id and b.legacy_id = coalesce(r.repaired_batch, r.batch)
        left join app.profiles p on p.org_id = r.org_id and p.email = lower(btrim(r.staff))
        left join numbered n on n.database_id = d.database_id
        where r.org_id = p_org_id and r.legacy_id = any (p_legacy_ids) and r.record_id is null
    ),
    made as (
        insert into members.records (
            org_id, record_id, module, database_id, row_number, row_data, customer_id, customer_name, phone, match_keys, status, batch_id,
            assigned_to, assigned_at, validation_status, validation_reason, validated_at, archived_at
        )
        overriding system value
        select
            p_org_id, w.record_id, 'member_wd', w.database_id, w.row_number, w.row_data,
            nullif(btrim(w.row_data ->> w.key_column), ''), nullif(btrim(w.row_data ->> w.name_column), ''),
            nullif(btrim(w.row_data ->> w.phone_column), ''),
            members.match_keys(array(select e.value from jsonb_each_text(w.row_data) e)), w.status,
            -- What is nobody's has nothing of an assignment on it (LD-15).
            case when w.status <> 'available' then w.batch_id end, case when w.status <> 'available' then w.staff_id end,
            case when w.status <> 'available' then w.assigned_at end,
            case when w.status <> 'available' then w.validation_status end,
            case when w.status <> 'available' then left(w.validation_reason, 1000) end,
            case when w.status <> 'available' then w.validated_at end,
            case when w.status = 'invalid_archived' then coalesce(w.archived_at, w.assigned_at) end
        from wanted w
        order by w.record_id
        returning record_id
    ),
    marked as (
        update members.legacy_records r
        set record_id = w.record_id, refused_reason = null
        from wanted w
        join made m on m.record_id = w.record_id
        where r.org_id = p_org_id and r.legacy_id = w.legacy_id
        returning w.record_id
    )
    select count(*) into v_brought from marked;

    insert into members.assignments (
        org_id, module, database_id, batch_id, record_id, staff_id, assigned_at, ended_at, outcome, is_replacement
    )
    select
        r.org_id, r.module, r.database_id, r.batch_id, r.record_id, r.assigned_to, r.assigned_at, r.archived_at,
        case when r.archived_at is not null then 'archived' end, l.auto_replaced or l.replaced_invalid_ids <> '{}'
    from members.legacy_records l
    join members.records r on r.org_id = l.org_id and r.record_id = l.record_id
    where l.org_id = p_org_id and l.legacy_id = any (p_legacy_ids) and r.assigned_to is not null
    order by r.record_id;
    return v_brought;
end
$$;

comment on function members.bring_legacy_records(uuid, text[]) is
    'p_legacy_ids: those that members.legacy_verdicts has nothing against; their batches are there. Returns how many (spec: member §5.11).';
revoke all on function members.bring_legacy_records(uuid, text[]) from public;
