-- Reads a change of a lead: the lead as it would be, or every field that is wrong with it.

create or replace function crm.draft_lead_change(p_lead crm.leads, p_changes jsonb) returns crm.leads
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fields constant text[] := array[
        'status', 'next_step', 'due_date', 'notes', 'pic_name', 'contact_phone', 'email', 'city_area', 'country', 'route',
        'est_volume_value', 'est_volume_unit', 'timeline', 'primary_channel', 'campaign_name'
    ];
    v_input jsonb;
    v_read record;
    v_problems jsonb;
begin
    if jsonb_typeof(p_changes) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;
    -- The rules of a new lead hold for a changed one.
    v_input := to_jsonb(p_lead) || (p_changes - 'status');
    select d.draft, d.problems
    into v_read
    from crm.draft_leads('{1}', array[v_input], null, crm.lead_rules(app.uid())) d;

    select coalesce(jsonb_agg(p.problem order by p.field), '[]')
    into v_problems
    from (
        -- What it says of fields that nobody wants to change is old.
        select o.value ->> 'field' as field, o.value as problem
        from jsonb_array_elements(v_read.problems) o
        where p_changes ? (o.value ->> 'field') and o.value ->> 'field' = any (v_fields)
        union all
        select
            left(k.name, 100),
            jsonb_build_object('field', left(k.name, 100), 'code', 'lead.field.unknown', 'message', 'is no field that can be changed here')
        from jsonb_object_keys(p_changes) as k (name)
        where k.name <> all (v_fields)
        union all
        -- A new lead without them gets some; an old one keeps them (spec §2.5).
        select f.name, jsonb_build_object('field', f.name, 'code', 'lead.' || f.name || '.required', 'message', 'is required')
        from unnest(array['status', 'next_step', 'due_date']) as f (name)
        where p_changes ? f.name and coalesce(btrim(p_changes ->> f.name, E' \t\r\n\u00a0'), '') = ''
        union all
        select 'status', '{"field": "status", "code": "lead.status.unknown", "message": "is no status of a lead"}'
        where btrim(p_changes ->> 'status', E' \t\r\n\u00a0') <> ''
          and not exists (select from crm.lead_transitions t where p_changes -> 'status' in (to_jsonb(t.from_status), to_jsonb(t.to_status)))
    ) p;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return jsonb_populate_record(
        p_lead,
        (
            select coalesce(jsonb_object_agg(d.key, d.value), '{}')
            from jsonb_each(to_jsonb(v_read.draft) || jsonb_build_object('status', p_changes -> 'status')) d
            where p_changes ? d.key
        )
    );
end
$$;

comment on function crm.draft_lead_change(crm.leads, jsonb) is
    'p_changes: {field: value}, null clears. Returns the changed lead. Raises PT422 request.invalid with every bad field, lead.field.unknown for what cannot be changed here (spec: command_center §1.6, §7; pitfall P33).';
revoke all on function crm.draft_lead_change(crm.leads, jsonb) from public;
