-- Writes a customer that somebody typed: a new one, or what was blank of the one that is there.

create or replace function crm.write_customer(p_org_id uuid, p_actor jsonb, p_place crm.lead_place, p_wanted jsonb) returns crm.lead_place
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_place crm.lead_place := p_place;
    v_user_id uuid := (p_actor ->> 'user_id')::uuid;
    v_is_sales boolean := (p_actor ->> 'is_sales')::boolean;
begin
    if v_place.outcome = 'match' then
        -- Never over what is there (spec §3.1).
        update crm.customers c
        set (legal_name, external_code, npwp, email, phone, website, address, city, country, size, industry, registration_number, external_ref) = (
            select
                coalesce(c.legal_name, w.legal_name), coalesce(c.external_code, w.external_code), coalesce(c.npwp, w.npwp),
                coalesce(c.email, w.email), coalesce(c.phone, w.phone), coalesce(c.website, w.website),
                coalesce(c.address, w.address), coalesce(c.city, w.city), coalesce(c.country, w.country),
                coalesce(c.size, w.size), coalesce(c.industry, w.industry),
                coalesce(c.registration_number, w.registration_number), coalesce(c.external_ref, w.external_ref)
            from jsonb_populate_record(null::crm.customers, p_wanted) w
        )
        where c.org_id = p_org_id
          and c.customer_id = v_place.customer_id
          and exists (
              select
              from jsonb_each_text(p_wanted) w
              where w.key not in ('company_name', 'status', 'customer_type') and to_jsonb(c) ? w.key and to_jsonb(c) ->> w.key is null
          );
        return v_place;
    end if;

    insert into crm.customers (
        org_id, company_name, legal_name, external_code, npwp, email, phone, website, address, city, country, status, customer_type,
        size, industry, registration_number, external_ref, owner_ids, created_by
    )
    select
        p_org_id, w.company_name, w.legal_name, w.external_code, w.npwp, w.email, w.phone, w.website, w.address, w.city, w.country,
        coalesce(w.status, 'prospect'), coalesce(w.customer_type, 'business'), w.size, w.industry, w.registration_number,
        w.external_ref,
        -- What the triggers of prospects will find: written at once, the row is not touched twice.
        case when v_is_sales then array[v_user_id] else '{}' end,
        v_user_id
    from jsonb_populate_record(null::crm.customers, p_wanted) w
    returning customer_id into v_place.customer_id;
    -- Sales people pursue what they brought, as in a lead bundle, and so go on seeing it.
    if v_is_sales then
        v_place := (crm.find_or_create_prospects(p_org_id, p_actor, array[null::uuid], array[v_place]))[1];
    end if;
    return v_place;
end
$$;

comment on function crm.write_customer(uuid, jsonb, crm.lead_place, jsonb) is
    'p_place: crm.place_of_customer(); p_wanted: crm.draft_customer of a new one. Returns the place with customer_id and, of a new one of sales, prospect_id. Raises 23505 for another customer''s external_code (spec: command_center §1.5, §3.1).';
revoke all on function crm.write_customer(uuid, jsonb, crm.lead_place, jsonb) from public;
