-- Asks finance to collect what a customer owes: opens a ticket, or finds the one that is open.

create or replace function api.ar_create_collection_ticket(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: tickets are opened by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_form jsonb;
    v_answer jsonb;
    v_invoice ar.invoices;
    v_customer_id text;
    v_ticket_id text;
    v_is_new boolean := false;
begin
    perform app.require('collection_tickets', 'insert');
    v_form := app.read_form(
        'collection',
        '{
            "customer_id": {"kind": "text", "maximum": 40},
            "invoice_id": {"kind": "text", "maximum": 40},
            "notes": {"kind": "text", "maximum": 5000}
        }',
        payload
    );
    if (v_form ? 'customer_id') = (v_form ? 'invoice_id') then
        perform app.refuse_field('customer_id', 'collection.customer_id.required', 'name a customer or an invoice, one of them');
    end if;
    v_answer := app.replay('ar_create_collection_ticket', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_customer_id := v_form ->> 'customer_id';
    if v_form ? 'invoice_id' then
        select i.* into v_invoice from ar.invoices i where i.org_id = v_org_id and i.invoice_id = v_form ->> 'invoice_id';
        v_customer_id := v_invoice.customer_id;
    end if;
    -- Whose invoices one sees are those of the customers one sees (command_center §1.7).
    if v_customer_id is null or not app.may_select_customers(v_org_id, v_customer_id) then
        if v_form ? 'invoice_id' then
            perform app.fail('PT404', 'invoice.not_found', 'There is no such invoice.', left(v_form ->> 'invoice_id', 100));
        end if;
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer.', left(v_customer_id, 100));
    end if;

    -- Two at once: the second finds the ticket of the first.
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'collection', v_org_id, v_customer_id), 0));
    select t.ticket_id
    into v_ticket_id
    from ar.collections c
    join desk.tickets t on t.org_id = c.org_id and t.ticket_id = c.ticket_id and t.closed_at is null
    where c.org_id = v_org_id and c.customer_id = v_customer_id
    order by t.created_at
    limit 1;

    if v_ticket_id is null then
        if not exists (
            select
            from ar.invoices i
            where i.org_id = v_org_id and i.customer_id = v_customer_id and i.is_open
              and (v_invoice.invoice_id is null or i.invoice_id = v_invoice.invoice_id)
        ) then
            perform app.fail('PT409', 'collection.nothing_outstanding', 'Nothing is outstanding.', v_customer_id);
        end if;
        insert into desk.tickets (
            org_id, ticket_type, dept_target, related_customer_id, subject, description, created_by, created_at, updated_at
        )
        values (
            v_org_id, 'general request', 'FIN', v_customer_id, 'Collection: ' || v_customer_id,
            ar.describe_debt(v_org_id, v_customer_id) || coalesce(E'\n\n' || (v_form ->> 'notes'), ''),
            app.uid(), app.now(), app.now()
        )
        returning ticket_id into v_ticket_id;
        insert into ar.collections (org_id, ticket_id, customer_id, invoice_id)
        values (v_org_id, v_ticket_id, v_customer_id, v_invoice.invoice_id);
        v_is_new := true;
        perform app.emit('tickets.created', array[v_ticket_id], array['tickets']);
    end if;

    return app.remember(
        'ar_create_collection_ticket',
        payload,
        jsonb_build_object('ticket_id', v_ticket_id, 'customer_id', v_customer_id, 'is_new', v_is_new)
    );
end
$$;

comment on function api.ar_create_collection_ticket(jsonb) is
    'payload {customer_id or invoice_id, notes?}. A general request to FIN about the customer; an open one is returned as it is. Returns {ticket_id, customer_id, is_new}. Raises PT401, PT403, PT404 customer.not_found, invoice.not_found, PT409 collection.nothing_outstanding, PT422 (spec: command_center §3.8).';
revoke all on function api.ar_create_collection_ticket(jsonb) from public;
grant execute on function api.ar_create_collection_ticket(jsonb) to authenticated;
