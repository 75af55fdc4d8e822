-- Reads a customer, new or changed: the fields that were named, or everything that is wrong with them.

create or replace function crm.draft_customer(p_input jsonb, p_is_new boolean) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fields constant jsonb := '{
        "company_name": {"kind": "text", "required": true, "maximum": 255},
        "legal_name": {"kind": "text", "maximum": 255},
        "external_code": {"kind": "text", "maximum": 50},
        "npwp": {"kind": "text", "maximum": 50},
        "email": {"kind": "text", "maximum": 254},
        "phone": {"kind": "text", "maximum": 50},
        "website": {"kind": "text", "maximum": 2000},
        "address": {"kind": "text", "maximum": 1000},
        "city": {"kind": "text", "maximum": 255},
        "country": {"kind": "text", "maximum": 100},
        "status": {"kind": "text", "required": true, "maximum": 20},
        "customer_type": {"kind": "text", "required": true, "maximum": 20},
        "size": {"kind": "text", "maximum": 20},
        "industry": {"kind": "text", "maximum": 100},
        "registration_number": {"kind": "text", "maximum": 50},
        "external_ref": {"kind": "text", "maximum": 255},
        "expected_version": {"kind": "integer", "minimum": 1, "maximum": 2147483647}
    }'::jsonb;
    v_changes jsonb;
    v_problems jsonb;
begin
    if p_is_new then
        -- What is left out has a default; a new company may come with the person to talk to.
        v_changes := app.read_payload('customer', p_input, v_fields - 'expected_version' || '{
            "status": {"kind": "text", "maximum": 20},
            "customer_type": {"kind": "text", "maximum": 20},
            "pic_name": {"kind": "text", "maximum": 255},
            "pic_phone": {"kind": "text", "maximum": 50},
            "pic_email": {"kind": "text", "maximum": 254}
        }');
    else
        v_changes := app.read_changes('customer', p_input, v_fields);
    end if;
    v_problems := crm.key_problems('customer', v_changes) || crm.pic_problems(v_changes);
    select v_problems || coalesce(
        jsonb_agg(jsonb_build_object('field', e.field, 'code', format('customer.%s.unknown', e.field), 'message', 'must be one of ' || array_to_string(e.words, ', '))),
        '[]'
    )
    into v_problems
    from (
        values
            ('status', array['prospect', 'active', 'inactive', 'suspended', 'blacklisted']),
            ('customer_type', array['individual', 'business', 'government', 'non_profit']),
            ('size', array['micro', 'small', 'medium', 'large', 'enterprise'])
    ) as e (field, words)
    where v_changes ->> e.field <> all (e.words);
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_changes;
end
$$;

comment on function crm.draft_customer(jsonb, boolean) is
    'Returns {field: value}, of a change null for blanked ones; a new one also has pic_name, pic_phone and pic_email. Raises PT422 request.invalid with every bad field (spec: command_center §1.6, customers §1.1; pitfall P33).';
revoke all on function crm.draft_customer(jsonb, boolean) from public;
grant execute on function crm.draft_customer(jsonb, boolean) to authenticated;
