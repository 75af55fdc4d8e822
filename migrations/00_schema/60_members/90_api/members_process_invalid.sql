-- The route's form of process_invalid_batch: a quantity of 0 archives only.

create or replace function api.members_process_invalid(p_module text, p_staff_id uuid, payload jsonb default '{}') returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb := app.read_payload(
        'records', coalesce(payload, '{}'),
        '{"auto_assign_quantity": {"kind": "integer", "minimum": 0, "maximum": 1000000}, "batch_id": {"kind": "id"}}'
    );
begin
    -- Any other quantity means "replace all": the number is no cap (spec: member §5.10).
    return api.process_invalid_batch(
        p_staff_id, p_module, (v_wanted ->> 'auto_assign_quantity') is distinct from '0', (v_wanted ->> 'batch_id')::bigint
    );
end
$$;

comment on function api.members_process_invalid(text, uuid, jsonb) is
    'payload {auto_assign_quantity?: 0 = archive only, batch_id?}. Returns and raises what api.process_invalid_batch does (decisions §2).';
revoke all on function api.members_process_invalid(text, uuid, jsonb) from public;
grant execute on function api.members_process_invalid(text, uuid, jsonb) to authenticated;
