-- Adds a person to a customer.

create or replace function api.crm_add_contact(p_customer_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: contacts are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('customer_id', p_customer_id, 'contact', payload);
    v_wanted jsonb;
    v_answer jsonb;
    v_is_primary boolean;
    v_contact_id bigint;
begin
    perform app.require('contacts', 'insert');
    v_wanted := crm.draft_contact(payload, true);
    v_answer := app.replay('crm_add_contact', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    perform crm.take_customer(p_customer_id);
    -- The first one is primary anyhow.
    v_is_primary := coalesce((v_wanted ->> 'is_primary')::boolean, false) or not exists (
        select from crm.contacts c where c.org_id = v_org_id and c.customer_id = p_customer_id and c.is_primary
    );
    update crm.contacts c
    set is_primary = false
    where v_is_primary and c.org_id = v_org_id and c.customer_id = p_customer_id and c.is_primary;

    insert into crm.contacts (
        org_id, customer_id, full_name, first_name, last_name, title, department, email, phone, mobile, notes, decision_maker,
        influencer, is_primary, created_by
    )
    select
        v_org_id, p_customer_id, w.full_name, w.first_name, w.last_name, w.title, w.department, w.email, w.phone, w.mobile,
        w.notes, coalesce(w.decision_maker, false), coalesce(w.influencer, false), v_is_primary, app.uid()
    from jsonb_to_record(v_wanted) as w (
        full_name text, first_name text, last_name text, title text, department text, email text, phone text, mobile text,
        notes text, decision_maker boolean, influencer boolean
    )
    returning contact_id into v_contact_id;
    perform app.emit('contacts.created', array[v_contact_id::text], array['customers', 'contacts']);
    return app.remember(
        'crm_add_contact', v_request,
        (select to_jsonb(c) - 'org_id' - '{email_key,phone_key,mobile_key}'::text[] from crm.contacts c where c.org_id = v_org_id and c.contact_id = v_contact_id)
    );
end
$$;

comment on function api.crm_add_contact(text, jsonb) is
    'payload {full_name, first_name, last_name, title, department, email, phone, mobile, notes, decision_maker, influencer, is_primary}. Returns the contact. Raises PT403, PT404 customer.not_found, PT422 (spec: customers §1.2; decisions §5.6, §5.9).';
revoke all on function api.crm_add_contact(text, jsonb) from public;
grant execute on function api.crm_add_contact(text, jsonb) to authenticated;
