-- Brings in the databases of the previous system that records need, with their products.

create or replace function members.bring_legacy_databases(p_org_id uuid) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_brought integer;
begin
    insert into members.products (org_id, name)
    select distinct on (lower(btrim(d.product_name))) p_org_id, btrim(d.product_name)
    from (
        select d.product_name from members.legacy_databases d where d.org_id = p_org_id
        union
        select r.product_name from members.legacy_reservations r where r.org_id = p_org_id
    ) d
    where btrim(d.product_name) <> '' and lower(btrim(d.product_name)) <> 'unknown'
    order by lower(btrim(d.product_name)), btrim(d.product_name)
    on conflict on constraint products_name_key do nothing;

    with wanted as (
        select
            l.legacy_id, p.product_id,
            nextval(pg_get_serial_sequence('members.databases', 'database_id')) as database_id,
            c.columns,
            (
                select jsonb_object_agg(m.value, m.key)
                from jsonb_each_text(ingest.guess_mapping('member_records', c.columns)) m
            ) as keys
        from members.legacy_databases l
        left join members.products p on p.org_id = l.org_id and p.name_key = lower(btrim(l.product_name))
        cross join lateral (
            -- The columns of its records, in the order in which most of them have them.
            select array_agg(k.key order by k.position, k.key) as columns
            from (
                select e.key, min(e.position) as position
                from members.legacy_records r
                cross join lateral jsonb_object_keys(r.row_data) with ordinality as e (key, position)
                where r.org_id = l.org_id and r.database_name = l.legacy_id
                group by e.key
            ) k
        ) c
        where l.org_id = p_org_id and l.database_id is null and cardinality(c.columns) > 0
    ),
    made as (
        insert into members.databases (
            org_id, database_id, module, name, product_id, file_name, columns, key_column, name_column, phone_column
        )
        overriding system value
        select
            p_org_id, w.database_id, 'member_wd', w.legacy_id, w.product_id, w.legacy_id, w.columns, w.keys ->> 'username',
            w.keys ->> 'name', w.keys ->> 'phone'
        from wanted w
        returning database_id
    )
    update members.legacy_databases l
    set database_id = w.database_id
    from wanted w
    join made m on m.database_id = w.database_id
    where l.org_id = p_org_id and l.legacy_id = w.legacy_id;
    get diagnostics v_brought = row_count;
    return v_brought;
end
$$;

comment on function members.bring_legacy_databases(uuid) is
    'Returns how many. A product of any spelling is found or made; "Unknown" and none are none (spec: member §4, §5.11).';
revoke all on function members.bring_legacy_databases(uuid) from public;
