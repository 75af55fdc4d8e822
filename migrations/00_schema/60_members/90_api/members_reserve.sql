-- Reserves a customer: staff ask for themselves, admins add for a staff and it counts at once.

create or replace function api.members_reserve(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_manages boolean := app.can('reservations', 'manage', 'all') or app.can('reservations', 'manage', 'team');
    v_fields jsonb := '{
        "customer_id": {"kind": "text", "required": true, "maximum": 200},
        "product_id": {"kind": "id", "required": true},
        "phone_number": {"kind": "text", "maximum": 100}
    }'::jsonb;
    v_wanted jsonb;
    v_staff_id uuid;
    v_id bigint;
    v_answer jsonb;
begin
    if v_manages then
        v_fields := v_fields || '{"staff_id": {"kind": "uuid", "required": true}}';
    else
        perform app.require('reservations', 'request');
        -- Whoever asks must be able to say how the customer is reached (decisions D-5).
        v_fields := jsonb_set(v_fields, '{phone_number,required}', 'true');
    end if;
    v_wanted := app.read_payload('reservation', payload, v_fields);
    v_answer := app.replay('members_reserve', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform members.check_product((v_wanted ->> 'product_id')::bigint);
    v_staff_id := case when v_manages then (members.take_reserver((v_wanted ->> 'staff_id')::uuid)).user_id else app.uid() end;

    v_id := members.add_reservation(
        v_org_id, (v_wanted ->> 'product_id')::bigint, v_wanted ->> 'customer_id', v_staff_id, v_wanted ->> 'phone_number', v_manages
    );
    if v_manages then
        perform app.notify(
            array[v_staff_id], 'reserved_approved', format('%s was reserved for you', v_wanted ->> 'customer_id'),
            'members.reservations', v_id::text
        );
        perform app.emit('reservations.approved', array[v_id::text], members.reservation_tags());
    else
        perform app.notify(
            members.managers_of(v_org_id, v_staff_id), 'new_reserved_request',
            format('A reservation of %s waits for approval', v_wanted ->> 'customer_id'), 'members.reservations', v_id::text
        );
        perform app.emit('reservations.requested', array[v_id::text], array['reservations', 'notifications']);
    end if;
    return app.remember('members_reserve', payload, members.reservation_answer(v_id));
end
$$;

comment on function api.members_reserve(jsonb) is
    'payload {customer_id, product_id, phone_number, staff_id}: staff ask for themselves (no staff_id, phone_number required) and the reservation is pending; whoever manages reservations adds for a staff (staff_id required) and it is approved. Returns members.reservation_answer. Raises PT403, PT404 product.not_found, staff.not_found, PT409 reservation.duplicate naming the owner, PT422 (spec: member §5.6; cases 37, 38, 41, 56).';
revoke all on function api.members_reserve(jsonb) from public;
grant execute on function api.members_reserve(jsonb) to authenticated;
