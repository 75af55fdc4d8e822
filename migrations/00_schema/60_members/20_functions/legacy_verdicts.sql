-- Whether a record of the previous system can be brought in, and if not, why.

create or replace function members.legacy_verdicts(p_org_id uuid) returns table (legacy_id text, reason text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        r.legacy_id,
        case
            when d.legacy_id is null then 'database.unknown'
            when r.product_name is not null and lower(btrim(r.product_name)) is distinct from lower(btrim(d.product_name)) then 'product.mismatch'
            when members.legacy_status(r.status, r.staff) = 'available' then null
            when p.user_id is null then 'staff.unknown'
            when r.assigned_at is null then 'assigned_at.unknown'
            when coalesce(r.repaired_batch, r.batch) is null then 'batch.missing'
            when b.legacy_id is null then 'batch.orphan'
            when b.created_at is null then 'batch.created_at.unknown'
            when b.staff is distinct from r.staff then 'batch.other_staff'
            when b.database_name is distinct from r.database_name then 'batch.other_database'
        end
    from members.legacy_records r
    left join members.legacy_databases d on d.org_id = r.org_id and d.legacy_id = r.database_name
    left join members.legacy_batches b on b.org_id = r.org_id and b.legacy_id = coalesce(r.repaired_batch, r.batch)
    left join app.profiles p on p.org_id = r.org_id and p.email = lower(btrim(r.staff))
    where r.org_id = p_org_id and r.record_id is null
$$;

comment on function members.legacy_verdicts(uuid) is
    'One row for each record that is not brought in. reason: null = it can be; else database.unknown, product.mismatch, staff.unknown, assigned_at.unknown, batch.missing, batch.orphan, batch.created_at.unknown, batch.other_staff, batch.other_database: our schema has no place for it (spec: member §5.11).';
revoke all on function members.legacy_verdicts(uuid) from public;
