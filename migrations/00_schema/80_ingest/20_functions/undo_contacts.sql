-- Takes back what an import made of contacts: those that it added go, those that it changed are as they were.

create or replace function ingest.undo_contacts(
    p_import ingest.imports,
    p_contact_ids bigint[],
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
    v_there bigint[];
    v_made bigint[];
    v_kept bigint[];
begin
    select coalesce(array_agg(k.contact_id), '{}'), coalesce(array_agg(k.contact_id) filter (where k.is_made), '{}')
    into v_there, v_made
    from (
        select
            x.contact_id,
            exists (
                select
                from app.audit_logs a
                where a.org_id = v_org_id and a.record_id = x.contact_id::text and a.table_name = 'crm.contacts'
                  and a.action = 'INSERT' and a.import_id = v_import_id
            ) as is_made
        from (select i from unnest(p_contact_ids) i order by i offset 0) as t (contact_id)
        cross join lateral (
            select y.contact_id from crm.contacts y where y.org_id = v_org_id and y.contact_id = t.contact_id offset 0 for update
        ) x
    ) k;

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
            from unnest(v_made) as t (contact_id)
        ) j
        where j.reason is not null
        returning target_id
    )
    select coalesce(array_agg(k.target_id::bigint), '{}') into v_kept from kept k;
    refused := cardinality(v_kept);
    delete from crm.contacts k
    using (
        select x.place
        from unnest(v_made) as t (contact_id)
        cross join lateral (select y.ctid from crm.contacts y where y.org_id = v_org_id and y.contact_id = t.contact_id offset 0) as x (place)
        where t.contact_id not in (select i from unnest(v_kept) i)
    ) w
    where k.ctid = w.place;
    get diagnostics removed = row_count;

    with changed as (
        select i.*
        from ingest.images_before(
            v_org_id, v_import_id, 'crm.contacts', array(select t::text from unnest(v_there) t where t not in (select i from unnest(v_made) i))
        ) i
    ),
    kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason)
        select v_org_id, v_import_id, 'crm.contacts', c.record_id, 'changed'
        from changed c
        where c.is_touched
        returning target_id
    ),
    put_back as (
        update crm.contacts u
        set full_name = case when c.image ? 'full_name' then c.image ->> 'full_name' else u.full_name end,
            email = case when c.image ? 'email' then c.image ->> 'email' else u.email end,
            phone = case when c.image ? 'phone' then c.image ->> 'phone' else u.phone end,
            mobile = case when c.image ? 'mobile' then c.image ->> 'mobile' else u.mobile end,
            title = case when c.image ? 'title' then c.image ->> 'title' else u.title end,
            department = case when c.image ? 'department' then c.image ->> 'department' else u.department end,
            notes = case when c.image ? 'notes' then c.image ->> 'notes' else u.notes end
        from (
            select b.image, x.place
            from changed b
            cross join lateral (
                select y.ctid from crm.contacts y where y.org_id = v_org_id and y.contact_id = b.record_id::bigint offset 0
            ) as x (place)
            where not b.is_touched
        ) c
        where u.ctid = c.place
        returning u.contact_id
    )
    select (select count(*) from put_back), refused + (select count(*) from kept) into restored, refused;
end
$$;

comment on function ingest.undo_contacts(ingest.imports, bigint[]) is
    'Removes those of p_contact_ids that the import added and gives the others back what it changed of them; what somebody has touched since, or an activity is about, stays and is written down. Returns rows of tables. Callers hold the organisation''s customer lock. Rule: decisions §3, undo.';
revoke all on function ingest.undo_contacts(ingest.imports, bigint[]) from public;
