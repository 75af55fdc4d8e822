-- Changes some fields of a person at a customer, or makes that person the primary one.

create or replace function api.crm_update_contact(p_contact_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- who is primary has no grant: another one stops being it
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('contact_id', p_contact_id, 'changes', payload);
    v_changes jsonb;
    v_answer jsonb;
    v_contact crm.contacts;
begin
    perform app.require('contacts', 'update');
    v_changes := crm.draft_contact(payload, false);
    v_answer := app.replay('crm_update_contact', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    perform crm.take_customer(coalesce(
        (select c.customer_id from crm.contacts c where c.org_id = v_org_id and c.contact_id = p_contact_id), ''
    ));
    select c.* into v_contact from crm.contacts c where c.org_id = v_org_id and c.contact_id = p_contact_id for no key update;
    if not found then
        -- The import that brought it was undone just now.
        perform app.fail('PT404', 'contact.not_found', 'There is no such contact.', p_contact_id::text);
    end if;
    update crm.contacts c
    set is_primary = false
    where v_changes -> 'is_primary' = 'true'
      and c.org_id = v_org_id and c.customer_id = v_contact.customer_id and c.is_primary and c.contact_id <> p_contact_id;

    v_contact := jsonb_populate_record(
        v_contact,
        -- A blanked yes or no is a no.
        v_changes || jsonb_strip_nulls(jsonb_build_object(
            'decision_maker', case when v_changes -> 'decision_maker' = 'null' then false end,
            'influencer', case when v_changes -> 'influencer' = 'null' then false end,
            'is_primary', case when v_changes -> 'is_primary' = 'null' then v_contact.is_primary end
        ))
    );
    update crm.contacts c
    set full_name = v_contact.full_name,
        first_name = v_contact.first_name,
        last_name = v_contact.last_name,
        title = v_contact.title,
        department = v_contact.department,
        email = v_contact.email,
        phone = v_contact.phone,
        mobile = v_contact.mobile,
        notes = v_contact.notes,
        decision_maker = v_contact.decision_maker,
        influencer = v_contact.influencer,
        is_primary = v_contact.is_primary
    where c.org_id = v_org_id and c.contact_id = p_contact_id
    returning c.* into v_contact;
    perform app.emit('contacts.updated', array[p_contact_id::text], array['customers', 'contacts']);
    return app.remember(
        'crm_update_contact', v_request, to_jsonb(v_contact) - 'org_id' - '{email_key,phone_key,mobile_key}'::text[]
    );
end
$$;

comment on function api.crm_update_contact(bigint, jsonb) is
    'payload: fields of api.crm_add_contact, null clears; is_primary true ends it for whoever was. Returns the contact. Raises PT403, PT404 customer.not_found, contact.not_found, PT422 (spec: customers §1.2; decisions §5.9).';
revoke all on function api.crm_update_contact(bigint, jsonb) from public;
grant execute on function api.crm_update_contact(bigint, jsonb) to authenticated;
