-- Deletes a person at a customer.

create or replace function api.crm_delete_contact(p_contact_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('contacts', 'delete');
    perform crm.take_customer(c.customer_id) from crm.contacts c where c.org_id = v_org_id and c.contact_id = p_contact_id;
    if not found then
        perform app.fail('PT404', 'contact.not_found', 'There is no such person.', p_contact_id::text);
    end if;
    if exists (
        select
        from crm.contacts c
        join crm.contacts o on o.org_id = c.org_id and o.customer_id = c.customer_id and o.contact_id <> c.contact_id
        where c.org_id = v_org_id and c.contact_id = p_contact_id and c.is_primary
    ) then
        perform app.fail('PT409', 'contact.is_primary', 'Make somebody else the primary contact first.', p_contact_id::text);
    end if;
    if exists (select from crm.activities a where a.org_id = v_org_id and a.contact_id = p_contact_id) then
        perform app.fail('PT409', 'contact.in_use', 'Activities name this person.', p_contact_id::text);
    end if;
    delete from crm.contacts c where c.org_id = v_org_id and c.contact_id = p_contact_id;
    perform app.emit('contacts.deleted', array[p_contact_id::text], array['customers', 'contacts']);
    return jsonb_build_object('contact_id', p_contact_id);
end
$$;

comment on function api.crm_delete_contact(bigint) is
    'Returns {contact_id}. Whatever was written before stays masked for operations. Raises PT401, PT403, PT404 contact.not_found, PT409 contact.is_primary, contact.in_use (spec: command_center §1.5; decisions §5.9).';
revoke all on function api.crm_delete_contact(bigint) from public;
grant execute on function api.crm_delete_contact(bigint) to authenticated;
