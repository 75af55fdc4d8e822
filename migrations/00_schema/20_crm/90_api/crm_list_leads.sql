-- A page of leads that the caller sees, newest first.

create or replace function api.crm_list_leads(
    p_filters jsonb default '{}',
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
-- Plans with the values at hand: a filter that is not given must cost nothing, one that is must use its index.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_org_id uuid := app.org_id();
    v_user_id uuid := app.uid();
    v_status text := p_filters ->> 'status';
    v_primary_channel text := p_filters ->> 'primary_channel';
    v_service_code text := p_filters ->> 'service_code';
    v_sales_owner uuid := (p_filters ->> 'sales_owner_user_id')::uuid;
    v_created_by uuid := (p_filters ->> 'created_by')::uuid;
    v_customer_id text := p_filters ->> 'customer_id';
    v_date_from date := (p_filters ->> 'lead_date_from')::date;
    v_date_to date := (p_filters ->> 'lead_date_to')::date;
    v_after_at timestamptz := (p_after ->> 'created_at')::timestamptz;
    v_after_id text := p_after ->> 'lead_id';
    v_is_own boolean;
    v_ids text[];
    v_items jsonb;
begin
    perform app.require('leads', 'select');

    -- A customer that the caller cannot read is nobody's here, or the filter would tell what api.leads hides.
    if v_customer_id is not null and not app.may_select_customers(v_org_id, v_customer_id) then
        v_customer_id := '';
    end if;

    v_is_own := app.can('leads', 'select', 'own')
        and not app.can('leads', 'select', 'all')
        and not app.can('leads', 'select', 'team')
        and not app.can('leads', 'select', 'created')
        and not app.can('leads', 'select', 'pipeline');
    if v_is_own then
        -- The scope's own predicate beside the policy: 0.25 ms where the policy alone takes 19 (design §4).
        select array_agg(page.lead_id)
        into v_ids
        from (
            select found.lead_id, found.created_at
            from (
                (
                    select l.lead_id, l.created_at
                    from crm.leads l
                    where l.org_id = v_org_id
                      and l.sales_owner_user_id = v_user_id
                      and (v_after_at is null or (l.created_at, l.lead_id) < (v_after_at, v_after_id))
                      and (v_status is null or l.status = v_status)
                      and (v_primary_channel is null or l.primary_channel = v_primary_channel)
                      and (v_service_code is null or l.service_code = v_service_code)
                      and (v_sales_owner is null or l.sales_owner_user_id = v_sales_owner)
                      and (v_created_by is null or l.created_by = v_created_by)
                      and (v_customer_id is null or l.customer_id = v_customer_id)
                      and (v_date_from is null or l.lead_date >= v_date_from)
                      and (v_date_to is null or l.lead_date <= v_date_to)
                    order by l.created_at desc, l.lead_id desc
                    limit v_limit + 1
                )
                union all
                (
                    select l.lead_id, l.created_at
                    from crm.leads l
                    where l.org_id = v_org_id
                      and l.sales_owner_user_id is null
                      and l.created_by = v_user_id
                      and v_sales_owner is null
                      and (v_after_at is null or (l.created_at, l.lead_id) < (v_after_at, v_after_id))
                      and (v_status is null or l.status = v_status)
                      and (v_primary_channel is null or l.primary_channel = v_primary_channel)
                      and (v_service_code is null or l.service_code = v_service_code)
                      and (v_created_by is null or l.created_by = v_created_by)
                      and (v_customer_id is null or l.customer_id = v_customer_id)
                      and (v_date_from is null or l.lead_date >= v_date_from)
                      and (v_date_to is null or l.lead_date <= v_date_to)
                    order by l.created_at desc, l.lead_id desc
                    limit v_limit + 1
                )
            ) found
            order by found.created_at desc, found.lead_id desc
            limit v_limit + 1
        ) page;
    else
        select array_agg(page.lead_id)
        into v_ids
        from (
            select l.lead_id
            from crm.leads l
            where l.org_id = v_org_id
              and (v_after_at is null or (l.created_at, l.lead_id) < (v_after_at, v_after_id))
              and (v_status is null or l.status = v_status)
              and (v_primary_channel is null or l.primary_channel = v_primary_channel)
              and (v_service_code is null or l.service_code = v_service_code)
              and (v_sales_owner is null or l.sales_owner_user_id = v_sales_owner)
              and (v_created_by is null or l.created_by = v_created_by)
              and (v_customer_id is null or l.customer_id = v_customer_id)
              and (v_date_from is null or l.lead_date >= v_date_from)
              and (v_date_to is null or l.lead_date <= v_date_to)
            order by l.created_at desc, l.lead_id desc
            limit v_limit + 1
        ) page;
    end if;

    -- One more than asked for was read, to know whether there is a next page.
    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.created_at desc, v.lead_id desc)
    into v_items
    from api.leads v
    where v.lead_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'created_at', v_items -> -1 -> 'created_at', 'lead_id', v_items -> -1 -> 'lead_id'
            )
        end
    );
end
$$;

comment on function api.crm_list_leads(jsonb, integer, jsonb) is
    'p_filters: {status, primary_channel, service_code, sales_owner_user_id, created_by, customer_id, lead_date_from, lead_date_to}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.leads, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.crm_list_leads(jsonb, integer, jsonb) from public;
grant execute on function api.crm_list_leads(jsonb, integer, jsonb) to authenticated;
