-- One customer that the caller sees, with its people and what is going on with it.

create or replace function api.crm_get_customer(p_customer_id text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer jsonb;
begin
    perform app.require('customers', 'select');

    select to_jsonb(c) - 'org_id'
    into v_customer
    from api.customers c
    where c.customer_id = p_customer_id;

    if v_customer is null then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer.', left(p_customer_id, 100));
    end if;

    return v_customer || jsonb_build_object(
        'contacts',
        (
            select coalesce(jsonb_agg(to_jsonb(t) - 'org_id' - 'customer_id' order by t.is_primary desc, t.contact_id), '[]')
            from api.contacts t
            where t.customer_id = p_customer_id
        ),
        'leads',
        (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'lead_id', l.lead_id, 'status', l.status, 'next_step', l.next_step, 'due_date', l.due_date,
                        'sales_owner_user_id', l.sales_owner_user_id
                    )
                    order by l.created_at desc, l.lead_id desc
                ),
                '[]'
            )
            from (
                select o.*
                from crm.leads o
                where o.org_id = (select app.org_id()) and o.customer_id = p_customer_id
                order by o.created_at desc, o.lead_id desc
                limit 100
            ) l
        ),
        'prospects',
        (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'prospect_id', p.prospect_id, 'owner_user_id', p.owner_user_id, 'current_stage', p.current_stage
                    )
                    order by p.prospect_id
                ),
                '[]'
            )
            from crm.prospects p
            where p.org_id = (select app.org_id()) and p.customer_id = p_customer_id
        )
    );
end
$$;

comment on function api.crm_get_customer(text) is
    'Returns the row of api.customers with contacts (primary first), the newest 100 leads, and prospects that the caller sees. Raises PT401, PT403 permission.denied, PT404 customer.not_found also for one that the caller cannot see (spec: command_center §7, decisions §5.14).';
revoke all on function api.crm_get_customer(text) from public;
grant execute on function api.crm_get_customer(text) to authenticated;
