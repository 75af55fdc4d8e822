-- Finds or makes the customers that rows of a file name.

create or replace function ingest.write_customers(p_import ingest.imports, p_actor jsonb, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language plpgsql
-- By key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_import).org_id;
    v_calling_code text := p_actor ->> 'calling_code';
    v_drafts crm.lead_draft[];
    v_places crm.lead_place[];
    v_created crm.lead_place[];
    v_created_ids text[];
begin
    -- As a lead's company and PIC: one company is one customer, whichever way it comes (spec §3.1).
    v_drafts := array(
        select jsonb_populate_record(null::crm.lead_draft, jsonb_build_object(
            'row_no', r.row_no,
            'company_name', r.fields -> 'company_name',
            'pic_name', r.fields -> 'pic_name',
            'contact_phone', r.fields -> 'pic_phone',
            'email', r.fields -> 'pic_email',
            'city_area', r.fields -> 'city',
            'country', r.fields -> 'country',
            'npwp', r.fields -> 'npwp',
            'npwp_key', crm.npwp_key(r.fields ->> 'npwp'),
            'email_key', crm.email_key(r.fields ->> 'pic_email'),
            'phone_key', crm.phone_key(r.fields ->> 'pic_phone', v_calling_code),
            'company_key', crm.company_key(r.fields ->> 'company_name')
        ))
        from unnest(p_rows) r
        order by r.row_no
    );
    v_places := crm.find_or_create_customers(v_org_id, p_actor, v_drafts);

    select
        coalesce(array_agg(p::crm.lead_place) filter (where p.outcome = 'create'), '{}'),
        coalesce(array_agg(p.customer_id) filter (where p.outcome = 'create'), '{}')
    into v_created, v_created_ids
    from unnest(v_places) p;
    -- No lead came with them: nobody is their creator; sales people pursue what they brought, as in a lead bundle, and
    -- so go on seeing it.
    perform crm.refresh_customer_creators(v_org_id, v_created_ids);
    if (p_actor ->> 'is_sales')::boolean and cardinality(v_created) > 0 then
        perform crm.find_or_create_prospects(v_org_id, p_actor, array_fill(null::uuid, array[cardinality(v_created)]), v_created);
    end if;

    -- What is there already stays; blanks are filled, by the first row that can, where the uploader may read the customer.
    update crm.customers c
    set address = coalesce(c.address, f.address), city = coalesce(c.city, f.city), country = coalesce(c.country, f.country)
    from (
        select
            p.customer_id,
            (array_agg(r.fields ->> 'address' order by r.row_no) filter (where r.fields ? 'address'))[1] as address,
            (array_agg(r.fields ->> 'city' order by r.row_no) filter (where r.fields ? 'city'))[1] as city,
            (array_agg(r.fields ->> 'country' order by r.row_no) filter (where r.fields ? 'country'))[1] as country
        from unnest(v_drafts, v_places) p
        join unnest(p_rows) r on r.row_no = p.row_no
        where p.is_readable or p.outcome = 'create'
        group by p.customer_id
    ) f
    where c.org_id = v_org_id and c.customer_id = f.customer_id
      and (
          (c.address is null and f.address is not null) or (c.city is null and f.city is not null)
          or (c.country is null and f.country is not null)
      );

    if exists (select from unnest(v_places) p where p.outcome <> 'create' and not p.is_readable) then
        perform app.notify(
            crm.lead_managers_of((p_import).uploaded_by), 'customers.import_met_known',
            'A file of customers names some that its uploader cannot see', 'ingest.imports', (p_import).import_id::text
        );
    end if;

    return array(
        select row(
            r.row_no, 'success', null, r.row_hash, 'crm.customers',
            -- Which customer it is, is told to those who can read it (decisions §5.1).
            case when p.is_readable or p.outcome = 'create' then p.customer_id end
        )::ingest.row_outcome
        from unnest(v_drafts, v_places) p
        join unnest(p_rows) r on r.row_no = p.row_no
    );
end
$$;

comment on function ingest.write_customers(ingest.imports, jsonb, ingest.module_row[]) is
    'p_actor: crm.lead_rules() with import_id. Every row succeeds: made, or found and its blanks filled; of a customer that the uploader cannot read nothing is changed or told, and managers are notified. Callers hold the organisation''s customer lock (spec: command_center §3.1, §3.7, decisions §5.1).';
revoke all on function ingest.write_customers(ingest.imports, jsonb, ingest.module_row[]) from public;
