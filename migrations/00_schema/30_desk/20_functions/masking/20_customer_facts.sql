-- Everything that names the customer of a ticket: of its leads, the customer and its contacts, as they are and as they were.

create or replace function desk.customer_facts(p_org_id uuid, p_lead_id text, p_customer_id text)
returns table (kind text, fact text)
language plpgsql -- plans once in a session, not once for each ticket
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with rows_of (image, record_id, table_name) as (
        select to_jsonb(l), l.lead_id, 'crm.leads'
        from crm.leads l
        where l.org_id = p_org_id and l.lead_id = p_lead_id
        union all
        select to_jsonb(c), c.customer_id, 'crm.customers'
        from crm.customers c
        where c.org_id = p_org_id and c.customer_id = p_customer_id
        union all
        select to_jsonb(k), k.contact_id::text, 'crm.contacts'
        from crm.contacts k
        where k.org_id = p_org_id and k.customer_id = p_customer_id
        union all
        -- Whoever was taken out of it since.
        select a.before_data, a.record_id, a.table_name
        from app.audit_logs a
        where a.org_id = p_org_id and a.table_name = 'crm.contacts' and a.action = 'DELETE' and a.before_data ->> 'customer_id' = p_customer_id
    ),
    images as (
        select r.image from rows_of r
        union all
        -- What was written before a name changed has the old one.
        select b.image
        from rows_of r
        join app.audit_logs a on a.org_id = p_org_id and a.record_id = r.record_id and a.table_name = r.table_name
        cross join lateral (values (a.before_data), (a.after_data)) as b (image)
        where b.image is not null
        union all
        -- What others have typed about it; a hundred leads know all its people.
        select to_jsonb(o)
        from (
            select l.company_name, l.pic_name, l.email, l.contact_phone, l.npwp
            from crm.leads l
            where l.org_id = p_org_id and l.customer_id = p_customer_id and l.lead_id is distinct from p_lead_id
            order by l.created_at desc, l.lead_id desc
            limit 100
        ) o
    )
    select distinct f.kind, i.image ->> f.name
    from images i
    cross join (
        values
            ('company', 'company_name'), ('company', 'legal_name'),
            ('person', 'pic_name'), ('person', 'full_name'), ('person', 'first_name'), ('person', 'last_name'),
            ('exact', 'email'), ('exact', 'website'), ('exact', 'lead_id'), ('exact', 'customer_id'), ('exact', 'prospect_id'),
            ('exact', 'external_code'), ('exact', 'external_ref'), ('exact', 'registration_number'),
            ('digits', 'contact_phone'), ('digits', 'phone'), ('digits', 'mobile'), ('digits', 'npwp')
    ) as f (kind, name)
    where i.image ->> f.name <> '';
end
$$;

comment on function desk.customer_facts(uuid, text, text) is
    'kind: company, person, exact or digits; fact: as somebody typed it. Names that changed and people who were deleted since are found in the audit trail (pitfall P13).';
revoke all on function desk.customer_facts(uuid, text, text) from public;
