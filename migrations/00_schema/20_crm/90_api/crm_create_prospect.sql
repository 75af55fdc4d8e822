-- Has somebody of sales pursue a customer: their prospect, found or made.

create or replace function api.crm_create_prospect(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: prospects are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_wanted jsonb;
    v_answer jsonb;
    v_customer_id text;
    v_owner_id uuid;
    v_prospect crm.prospects;
    v_is_new boolean;
begin
    perform app.require('prospects', 'insert');
    v_wanted := app.read_payload('prospect', payload, '{
        "customer_id": {"kind": "text", "required": true, "maximum": 40},
        "owner_user_id": {"kind": "uuid"}
    }');
    v_answer := app.replay('crm_create_prospect', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_customer_id := v_wanted ->> 'customer_id';
    v_owner_id := coalesce((v_wanted ->> 'owner_user_id')::uuid, app.uid());
    -- One that the caller sees: or a prospect would open any customer (decisions D1).
    perform crm.take_customer(v_customer_id);
    perform crm.take_prospect_owner(v_owner_id);

    -- One per customer and owner: who had lost this customer takes it up again.
    update crm.prospects p
    set counts = true,
        current_stage = case p.current_stage when 'Closed Lost' then 'Nurturing' else p.current_stage end
    where p.org_id = v_org_id and p.customer_id = v_customer_id and p.owner_user_id = v_owner_id
      and (not p.counts or p.current_stage = 'Closed Lost');
    select p.* into v_prospect
    from crm.prospects p
    where p.org_id = v_org_id and p.customer_id = v_customer_id and p.owner_user_id = v_owner_id;
    v_is_new := not found;
    if v_is_new then
        insert into crm.prospects (org_id, customer_id, owner_user_id, created_by)
        values (v_org_id, v_customer_id, v_owner_id, app.uid())
        returning * into v_prospect;
        perform app.notify(
            array[v_owner_id], 'prospect.assigned', 'Prospect ' || v_prospect.prospect_id || ' was given to you', 'crm.prospects',
            v_prospect.prospect_id
        )
        where v_owner_id <> app.uid();
    end if;

    perform app.emit('prospects.created', array[v_prospect.prospect_id], array['prospects', 'customers']);
    return app.remember(
        'crm_create_prospect',
        payload,
        jsonb_build_object(
            'prospect_id', v_prospect.prospect_id, 'customer_id', v_customer_id, 'owner_user_id', v_owner_id,
            'current_stage', v_prospect.current_stage, 'is_new', v_is_new
        )
    );
end
$$;

comment on function api.crm_create_prospect(jsonb) is
    'payload {customer_id, owner_user_id (default oneself)}. A prospect that its owner has lost is taken up again. Returns {prospect_id, customer_id, owner_user_id, current_stage, is_new}. Raises PT401, PT403 permission.denied, prospect.owner.not_in_team, PT404 customer.not_found, PT422 (spec: command_center §3.2, §7, case 57; decisions D1).';
revoke all on function api.crm_create_prospect(jsonb) from public;
grant execute on function api.crm_create_prospect(jsonb) to authenticated;
