-- Reads a person at a customer, new or changed: the fields that were named, or everything that is wrong with them.

create or replace function crm.draft_contact(p_input jsonb, p_is_new boolean) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fields constant jsonb := '{
        "full_name": {"kind": "text", "required": true, "maximum": 255},
        "first_name": {"kind": "text", "maximum": 100},
        "last_name": {"kind": "text", "maximum": 100},
        "title": {"kind": "text", "maximum": 100},
        "department": {"kind": "text", "maximum": 100},
        "email": {"kind": "text", "maximum": 254},
        "phone": {"kind": "text", "maximum": 50},
        "mobile": {"kind": "text", "maximum": 50},
        "notes": {"kind": "text", "maximum": 2000},
        "decision_maker": {"kind": "boolean"},
        "influencer": {"kind": "boolean"},
        "is_primary": {"kind": "boolean"}
    }'::jsonb;
    v_changes jsonb;
    v_problems jsonb;
begin
    if p_is_new then
        v_changes := app.read_payload('contact', p_input, v_fields);
    else
        v_changes := app.read_changes('contact', p_input, v_fields);
    end if;
    v_problems := crm.key_problems('contact', v_changes);
    -- Another one becomes primary; that ends it for this one.
    if v_changes -> 'is_primary' = 'false' and not p_is_new then
        v_problems := v_problems || '[{"field": "is_primary", "code": "contact.is_primary.choose_another", "message": "make another contact primary instead"}]';
    end if;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_changes;
end
$$;

comment on function crm.draft_contact(jsonb, boolean) is
    'Returns {field: value}; of a change, null for blanked ones. Raises PT422 request.invalid with every bad field (spec: customers §1.2).';
revoke all on function crm.draft_contact(jsonb, boolean) from public;
