-- Deletes a lead on which nothing hangs; its customer and prospect stay.

create or replace function api.crm_delete_lead(p_lead_id text) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('leads', 'delete');
    -- Customers before leads, as everywhere (design §3).
    perform
    from crm.customers c
    where c.org_id = v_org_id
      and c.customer_id = (select l.customer_id from crm.leads l where l.org_id = v_org_id and l.lead_id = p_lead_id)
    for no key update;
    perform from crm.leads l where l.org_id = v_org_id and l.lead_id = p_lead_id for update;
    if not found then
        perform app.fail('PT404', 'lead.not_found', 'There is no such lead.', left(p_lead_id, 100));
    end if;
    if exists (select from desk.tickets t where t.org_id = v_org_id and t.related_lead_id = p_lead_id)
        or exists (select from crm.activities a where a.org_id = v_org_id and a.lead_id = p_lead_id)
    then
        perform app.fail('PT409', 'lead.in_use', 'Tickets or activities are about this lead.', p_lead_id);
    end if;
    delete from crm.leads l where l.org_id = v_org_id and l.lead_id = p_lead_id;
    perform app.emit('leads.deleted', array[p_lead_id], array['leads', 'customers', 'prospects']);
    return jsonb_build_object('lead_id', p_lead_id);
end
$$;

comment on function api.crm_delete_lead(text) is
    'Returns {lead_id}; its assignments go with it. Raises PT401, PT403, PT404 lead.not_found, PT409 lead.in_use (spec: command_center §1.5, case 150).';
revoke all on function api.crm_delete_lead(text) from public;
grant execute on function api.crm_delete_lead(text) to authenticated;
