-- Reads a change of a row: only what was named, null where it was blanked.

create or replace function app.read_changes(p_prefix text, p_input jsonb, p_fields jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fields jsonb;
    v_values jsonb;
begin
    -- What is left out stays, so nothing has to be there; but what has to be there is not blanked.
    select coalesce(
        jsonb_object_agg(
            f.key,
            case when jsonb_typeof(p_input) = 'object' and p_input ? f.key then f.value else f.value - 'required' end
        ),
        '{}'
    )
    into v_fields
    from jsonb_each(p_fields) f;
    v_values := app.read_payload(p_prefix, p_input, v_fields);
    return (
        select coalesce(jsonb_object_agg(k.name, coalesce(v_values -> k.name, 'null')), '{}')
        from jsonb_object_keys(p_input) as k (name)
    );
end
$$;

comment on function app.read_changes(text, jsonb, jsonb) is
    'As app.read_payload, for a PATCH: returns {name: value} of the fields that p_input names, null for blank ones; `required` means that the field cannot be blanked.';
revoke all on function app.read_changes(text, jsonb, jsonb) from public;
grant execute on function app.read_changes(text, jsonb, jsonb) to authenticated;
