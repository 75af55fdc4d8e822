-- Takes back what an import made of customers: those that it made, contacts that it added, the NPWP that it filled in.

create or replace function ingest.undo_customers(
    p_import ingest.imports,
    p_customer_ids text[],
    out removed bigint,
    out restored bigint,
    out refused bigint
)
language plpgsql
-- All rows are found by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_import_id bigint := p_import.import_id;
    v_made text[];
    v_contact_ids bigint[];
    v_kept text[];
    v_kept_ids bigint[];
    v_rows bigint;
begin
    select coalesce(array_agg(c.customer_id) filter (where c.source_import_id = v_import_id), '{}')
    into v_made
    from (
        select x.customer_id, x.source_import_id
        from crm.customers x
        where x.org_id = v_org_id and x.customer_id = any (p_customer_ids)
        order by x.customer_id
        for update
    ) c;

    -- Customers that it made
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
                            join app.audit_logs a
                                on a.org_id = k.org_id and a.record_id = k.contact_id::text and a.table_name = 'crm.contacts'
                                and a.import_id is distinct from v_import_id
                            where k.org_id = v_org_id and k.customer_id = t.customer_id
                        ) then 'changed'
                    when exists (select from crm.leads k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from crm.prospects k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from crm.activities k where k.org_id = v_org_id and k.customer_id = t.customer_id)
                        or exists (select from desk.tickets k where k.org_id = v_org_id and k.related_customer_id = t.customer_id)
                        or exists (select from ar.invoices k where k.org_id = v_org_id and k.customer_id = t.customer_id)
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
    delete from crm.customers c where c.org_id = v_org_id and c.customer_id = any (v_made) and c.customer_id <> all (v_kept);
    get diagnostics removed = row_count;

    -- Contacts that it added to others
    v_contact_ids := array(
        select k.contact_id
        from crm.contacts k
        where k.org_id = v_org_id
          and k.customer_id = any (p_customer_ids)
          and k.customer_id <> all (v_made)
          and exists (
              select
              from app.audit_logs a
              where a.org_id = v_org_id and a.record_id = k.contact_id::text and a.table_name = 'crm.contacts'
                and a.action = 'INSERT' and a.import_id = v_import_id
          )
        order by k.contact_id
        for update
    );
    with kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason)
        select v_org_id, v_import_id, 'crm.contacts', j.contact_id::text, j.reason
        from (
            select
                t.contact_id,
                case
                    when ingest.touched_since(v_org_id, v_import_id, 'crm.contacts', t.contact_id::text) then 'changed'
                    when exists (select from crm.activities k where k.org_id = v_org_id and k.contact_id = t.contact_id) then 'in_use'
                end as reason
            from unnest(v_contact_ids) as t (contact_id)
        ) j
        where j.reason is not null
        returning target_id
    )
    select coalesce(array_agg(k.target_id::bigint), '{}') into v_kept_ids from kept k;
    refused := refused + cardinality(v_kept_ids);
    delete from crm.contacts k where k.org_id = v_org_id and k.contact_id = any (v_contact_ids) and k.contact_id <> all (v_kept_ids);
    get diagnostics v_rows = row_count;
    removed := removed + v_rows;

    -- Customers that it changed: the earliest image, unless somebody has been there since
    with changed as (
        select distinct on (a.record_id)
            a.record_id as customer_id, a.before_data,
            ingest.touched_since(v_org_id, v_import_id, 'crm.customers', a.record_id) as is_touched
        from unnest(p_customer_ids) as t (customer_id)
        join app.audit_logs a
            on a.org_id = v_org_id and a.record_id = t.customer_id and a.table_name = 'crm.customers'
            and a.action = 'UPDATE' and a.import_id = v_import_id
        where t.customer_id <> all (v_made)
        order by a.record_id, a.audit_id
    ),
    kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason)
        select v_org_id, v_import_id, 'crm.customers', c.customer_id, 'changed'
        from changed c
        where c.is_touched
        returning target_id
    ),
    put_back as (
        update crm.customers u
        set npwp = c.before_data ->> 'npwp'
        from changed c
        where not c.is_touched and u.org_id = v_org_id and u.customer_id = c.customer_id and c.before_data ? 'npwp'
        returning u.customer_id
    )
    select (select count(*) from put_back), refused + (select count(*) from kept) into restored, refused;
end
$$;

comment on function ingest.undo_customers(ingest.imports, text[]) is
    'p_customer_ids: customers of which no lead of the import is left. Removes those that it made and the contacts that it added, gives the others the NPWP back that they had; what somebody has touched since, or something hangs on, stays and is written down. Returns rows of tables. Callers hold the organisation''s customer lock. Rule: decisions §3, undo.';
revoke all on function ingest.undo_customers(ingest.imports, text[]) from public;
