-- Makes a customer by hand, or finds the one that is there.

create or replace function api.crm_create_customer(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: customers are inserted by functions alone, and the one that is there may be hidden
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_user_id uuid := app.uid();
    v_wanted jsonb;
    v_answer jsonb;
    v_rules jsonb;
    v_drafts crm.lead_draft[];
    v_place crm.lead_place;
    v_contact_id bigint;
    v_is_hidden boolean;
begin
    perform app.require('customers', 'insert');
    v_wanted := crm.draft_customer(payload, true);
    v_answer := app.replay('crm_create_customer', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_rules := crm.lead_rules(v_user_id);
    v_drafts := crm.customer_drafts(v_wanted, v_rules ->> 'calling_code');
    perform crm.lock_customer_keys(v_org_id, v_drafts);
    v_place := crm.place_of_customer(v_org_id, v_rules, v_drafts);
    v_is_hidden := v_place.outcome = 'match' and not v_place.is_readable;

    if v_is_hidden then
        -- Nothing is written to it or told of it; managers decide whose it becomes (decisions §5.1).
        perform app.notify(
            crm.lead_managers_of(v_user_id), 'customers.met_known',
            'Somebody tried to add a customer that is there already: ' || (v_wanted ->> 'company_name'), 'app.profiles', v_user_id::text
        );
        v_place := null;
    else
        v_place := crm.write_customer(v_org_id, v_rules, v_place, v_wanted);
        if v_wanted ? 'pic_name' then
            v_contact_id := crm.add_pic(v_org_id, v_place.customer_id, v_wanted);
        end if;
        if v_place.outcome = 'create' then
            perform app.emit('customers.created', array[v_place.customer_id], array['customers', 'contacts', 'prospects']);
        else
            perform app.emit('customers.updated', array[v_place.customer_id], array['customers', 'contacts', 'prospects']);
        end if;
    end if;

    return app.remember(
        'crm_create_customer',
        payload,
        jsonb_build_object(
            'customer_id', v_place.customer_id, 'contact_id', v_contact_id, 'prospect_id', v_place.prospect_id
        )
        || case
            when v_place.matched_by is not null then jsonb_build_object('customer_matched_by', v_place.matched_by) else '{}'
        end
    );
end
$$;

comment on function api.crm_create_customer(jsonb) is
    'payload: company_name; optional fields of api.crm_update_customer, and pic_name, pic_phone, pic_email. One company is one customer: found by NPWP, e-mail, phone or name, its blanks are filled and nothing else is changed. Returns {customer_id, contact_id, prospect_id (of sales people), customer_matched_by? (npwp, email, phone, company)}; without ids when it is a customer that the caller cannot see. Raises PT401, PT403, PT422 with every bad field, 23505 for another customer''s external_code (spec: command_center §1.5, §3.1; pitfall P20; decisions D1, §5.1).';
revoke all on function api.crm_create_customer(jsonb) from public;
grant execute on function api.crm_create_customer(jsonb) to authenticated;
