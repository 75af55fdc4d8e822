-- Takes back what an import made of customers: those that it made, contacts that it added, blanks that it filled.

create or replace function ingest.undo_customers(
    p_import ingest.imports,
    p_customer_ids text[],
    out removed bigint,
    out restored bigint,
    out refused bigint
)
language plpgsql
-- All rows are found by key, one after the other (offset 0) and then by place, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_import_id bigint := p_import.import_id;
    v_made text[];
    v_kept text[];
    v_contacts record;
begin
    select coalesce(array_agg(c.customer_id) filter (where c.source_import_id = v_import_id), '{}')
    into v_made
    from (
        select x.customer_id, x.source_import_id
        from (select i from unnest(p_customer_ids) i order by i offset 0) as t (customer_id)
        cross join lateral (
            select y.customer_id, y.source_import_id
            from crm.customers y
            where y.org_id = v_org_id and y.customer_id = t.customer_id
            offset 0
            for update
        ) x
    ) c;

    -- Customers that it made, and the people who would go with them
    perform
    from (
        select y.contact_id
        from unnest(v_made) as t (customer_id)
        cross join lateral (
            select k.contact_id from crm.contacts k where k.org_id = v_org_id and k.customer_id = t.customer_id offset 0
        ) y
        order by y.contact_id
        offset 0
    ) t
    cross join lateral (
        select from crm.contacts k where k.org_id = v_org_id and k.contact_id = t.contact_id offset 0 for update
    ) x;
    with kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason)
        select v_org_id, v_import_id, 'crm.customers', j.customer_id, j.reason
        from (
            select
                t.customer_id,
                case
                    when ingest.touched_since(v_org_id, v_import_id, 'crm.customers', t.customer_id)
                        or exists (
                            select
                            from crm.contacts k
                            cross join lateral (
                                select
                                from app.audit_logs a
                                where a.org_id = v_org_id and a.record_id = k.contact_id::text and a.table_name = 'crm.contacts'
                                  and a.import_id is distinct from v_import_id
                                offset 0
                            ) a
                            where k.org_id = v_org_id and k.customer_id = t.customer_id
                        ) then 'changed'
                    when exists (select from crm.leads k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from crm.prospects k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from crm.activities k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from desk.tickets k where k.org_id = v_org_id and k.related_customer_id = t.customer_id)
                        or exists (select from ar.invoices k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from crm.customer_documents k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from ar.collections k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from crm.customers k where k.org_id = v_org_id and k.parent_customer_id = t.customer_id)
                        or exists (select from crm.customers k where k.org_id = v_org_id and k.merged_into_id = t.customer_id)
                        then 'in_use'
                end as reason
            from unnest(v_made) as t (customer_id)
        ) j
        where j.reason is not null
        returning target_id
    )
    select coalesce(array_agg(k.target_id), '{}') into v_kept from kept k;
    refused := cardinality(v_kept);
    -- All their people at once: the trigger of the customers takes them along one customer after the other.
    delete from crm.contacts k
    using (
        select x.place
        from unnest(v_made) as t (customer_id)
        cross join lateral (
            select y.ctid from crm.contacts y where y.org_id = v_org_id and y.customer_id = t.customer_id offset 0
        ) as x (place)
        where t.customer_id not in (select i from unnest(v_kept) i)
    ) w
    where k.ctid = w.place;
    delete from crm.customers c
    using (
        select x.place
        from unnest(v_made) as t (customer_id)
        cross join lateral (select y.ctid from crm.customers y where y.org_id = v_org_id and y.customer_id = t.customer_id offset 0) as x (place)
        where t.customer_id not in (select i from unnest(v_kept) i)
    ) w
    where c.ctid = w.place;
    get diagnostics removed = row_count;

    -- Contacts that it added to others
    select *
    into v_contacts
    from ingest.undo_contacts(
        p_import,
        array(
            select k.contact_id
            from unnest(p_customer_ids) as t (customer_id)
            cross join lateral (
                select y.contact_id from crm.contacts y where y.org_id = v_org_id and y.customer_id = t.customer_id offset 0
            ) k
            where t.customer_id not in (select i from unnest(v_made) i)
              and exists (
                  select
                  from app.audit_logs a
                  where a.org_id = v_org_id and a.record_id = k.contact_id::text and a.table_name = 'crm.contacts'
                    and a.action = 'INSERT' and a.import_id = v_import_id
                  offset 0
              )
        )
    );
    removed := removed + v_contacts.removed;
    refused := refused + v_contacts.refused;

    -- Customers that it changed: the earliest image, unless somebody has been there since
    with changed as (
        select i.*
        from ingest.images_before(
            v_org_id, v_import_id, 'crm.customers', array(select t from unnest(p_customer_ids) t where t not in (select i from unnest(v_made) i))
        ) i
    ),
    kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason)
        select v_org_id, v_import_id, 'crm.customers', c.record_id, 'changed'
        from changed c
        where c.is_touched
        returning target_id
    ),
    put_back as (
        update crm.customers u
        set npwp = case when c.image ? 'npwp' then c.image ->> 'npwp' else u.npwp end,
            address = case when c.image ? 'address' then c.image ->> 'address' else u.address end,
            city = case when c.image ? 'city' then c.image ->> 'city' else u.city end,
            country = case when c.image ? 'country' then c.image ->> 'country' else u.country end
        from (
            select b.image, x.place
            from changed b
            cross join lateral (
                select y.ctid from crm.customers y where y.org_id = v_org_id and y.customer_id = b.record_id offset 0
            ) as x (place)
            where not b.is_touched
        ) c
        where u.ctid = c.place
        returning u.customer_id
    )
    select (select count(*) from put_back), refused + (select count(*) from kept) into restored, refused;
end
$$;

comment on function ingest.undo_customers(ingest.imports, text[]) is
    'p_customer_ids: customers of which no lead of the import is left. Removes those that it made and the contacts that it added, gives the others back the NPWP and the address that they had; what somebody has touched since, or something hangs on, stays and is written down. Returns rows of tables. Callers hold the organisation''s customer lock. Rule: decisions §3, undo.';
revoke all on function ingest.undo_customers(ingest.imports, text[]) from public;
