-- Records of the previous system as they are by now: repaired where they were.

create or replace function members.legacy_rows(p_org_id uuid) returns table (
    legacy_id text,
    database_name text,
    staff text,
    assigned_at timestamptz,
    status text,
    batch text,
    is_replacement boolean,
    replaced_ids text[],
    record_id bigint
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        r.legacy_id, r.database_name, r.staff, r.assigned_at, members.legacy_status(r.status, r.staff),
        coalesce(r.repaired_batch, r.batch), r.auto_replaced or r.replaced_invalid_ids <> '{}', r.replaced_invalid_ids, r.record_id
    from members.legacy_records r
    where r.org_id = p_org_id
$$;

comment on function members.legacy_rows(uuid) is
    'status: by our rules; batch: the repaired one, else its own; record_id: ours, where it was brought in.';
revoke all on function members.legacy_rows(uuid) from public;
