-- Brings in the batches of the previous system in which something is.

create or replace function members.bring_legacy_batches(p_org_id uuid, p_legacy_ids text[]) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_brought integer;
begin
    with wanted as (
        select x.*, nextval(pg_get_serial_sequence('members.batches', 'batch_id')) as batch_id
        from (
            select
                b.legacy_id, b.created_at, d.database_id, p.user_id as staff_id,
                -- What replaced something was not handed out with the rest.
                greatest(b.initial_count, n.rows, 1) as initial_count
            from members.legacy_batches b
            join (
                select r.batch, (count(*) filter (where not r.is_replacement))::integer as rows
                from members.legacy_rows(p_org_id) r
                where r.legacy_id = any (p_legacy_ids) and r.status <> 'available'
                group by r.batch
            ) n on n.batch = b.legacy_id
            join members.legacy_databases d on d.org_id = b.org_id and d.legacy_id = b.database_name
            join app.profiles p on p.org_id = b.org_id and p.email = lower(btrim(b.staff))
            where b.org_id = p_org_id and b.batch_id is null
            -- Newer ones get higher ids, as cards are listed.
            order by b.created_at, b.legacy_id
        ) x
    ),
    made as (
        insert into members.batches (org_id, batch_id, module, database_id, staff_id, initial_count, created_at)
        overriding system value
        select p_org_id, w.batch_id, 'member_wd', w.database_id, w.staff_id, w.initial_count, w.created_at
        from wanted w
        returning batch_id
    )
    update members.legacy_batches b
    set batch_id = w.batch_id
    from wanted w
    join made m on m.batch_id = w.batch_id
    where b.org_id = p_org_id and b.legacy_id = w.legacy_id;
    get diagnostics v_brought = row_count;
    return v_brought;
end
$$;

comment on function members.bring_legacy_batches(uuid, text[]) is
    'p_legacy_ids: records that can be brought in. Returns how many batches; an empty one is left out, as it is nobody''s card (spec: member §5.10 recall).';
revoke all on function members.bring_legacy_batches(uuid, text[]) from public;
