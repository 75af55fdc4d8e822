-- Reads a change of a customer: the fields that were named, or everything that is wrong with them.

create or replace function crm.draft_customer_change(p_input jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_changes jsonb;
    v_problems jsonb;
begin
    v_changes := app.read_changes('customer', p_input, '{
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
    }');
    select crm.key_problems('customer', v_changes) || coalesce(
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

comment on function crm.draft_customer_change(jsonb) is
    'Returns {field: value}, null for blanked ones. Raises PT422 request.invalid with every bad field (spec: command_center §1.6, customers §1.1; pitfall P33).';
revoke all on function crm.draft_customer_change(jsonb) from public;
grant execute on function crm.draft_customer_change(jsonb) to authenticated;
