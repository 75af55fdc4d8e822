-- Changes some fields of a customer.

create or replace function api.crm_update_customer(p_customer_id text, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('customer_id', p_customer_id, 'changes', payload);
    v_changes jsonb;
    v_answer jsonb;
    v_version integer;
begin
    perform app.require('customers', 'update');
    v_changes := crm.draft_customer(payload, false);
    v_answer := app.replay('crm_update_customer', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    -- Locking asks the update policy, too.
    select c.version
    into v_version
    from crm.customers c
    where c.org_id = app.org_id() and c.customer_id = p_customer_id
    for no key update;
    if not found then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer that you may change.', left(p_customer_id, 100));
    end if;
    if (v_changes ->> 'expected_version')::integer <> v_version then
        perform app.fail('PT409', 'customer.version.stale', 'Somebody has changed this customer meanwhile.', v_version::text);
    end if;

    update crm.customers c
    set company_name = case when v_changes ? 'company_name' then v_changes ->> 'company_name' else c.company_name end,
        legal_name = case when v_changes ? 'legal_name' then v_changes ->> 'legal_name' else c.legal_name end,
        external_code = case when v_changes ? 'external_code' then v_changes ->> 'external_code' else c.external_code end,
        npwp = case when v_changes ? 'npwp' then v_changes ->> 'npwp' else c.npwp end,
        email = case when v_changes ? 'email' then v_changes ->> 'email' else c.email end,
        phone = case when v_changes ? 'phone' then v_changes ->> 'phone' else c.phone end,
        website = case when v_changes ? 'website' then v_changes ->> 'website' else c.website end,
        address = case when v_changes ? 'address' then v_changes ->> 'address' else c.address end,
        city = case when v_changes ? 'city' then v_changes ->> 'city' else c.city end,
        country = case when v_changes ? 'country' then v_changes ->> 'country' else c.country end,
        status = case when v_changes ? 'status' then v_changes ->> 'status' else c.status end,
        customer_type = case when v_changes ? 'customer_type' then v_changes ->> 'customer_type' else c.customer_type end,
        size = case when v_changes ? 'size' then v_changes ->> 'size' else c.size end,
        industry = case when v_changes ? 'industry' then v_changes ->> 'industry' else c.industry end,
        registration_number = case
            when v_changes ? 'registration_number' then v_changes ->> 'registration_number' else c.registration_number
        end,
        external_ref = case when v_changes ? 'external_ref' then v_changes ->> 'external_ref' else c.external_ref end
    where c.org_id = app.org_id() and c.customer_id = p_customer_id;
    perform app.emit('customers.updated', array[p_customer_id], array['customers']);
    return app.remember('crm_update_customer', v_request, api.crm_get_customer(p_customer_id));
end
$$;

comment on function api.crm_update_customer(text, jsonb) is
    'payload: any of company_name, legal_name, external_code, npwp, email, phone, website, address, city, country, status, customer_type, size, industry, registration_number, external_ref, null clears what is not required; expected_version. Returns api.crm_get_customer. Raises PT403, PT404 customer.not_found, PT409 customer.version.stale, 23505 for an NPWP or code of another live customer, PT422 with every bad field (spec: command_center §1.5, §1.7; pitfall P33).';
revoke all on function api.crm_update_customer(text, jsonb) from public;
grant execute on function api.crm_update_customer(text, jsonb) to authenticated;
