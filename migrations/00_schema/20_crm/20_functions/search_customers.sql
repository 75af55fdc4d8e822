-- Customers within the caller's scopes that a word in the search field may mean, by their keys.

create or replace function crm.search_customers(p_word text, p_limit integer, p_begins boolean) returns text[]
language plpgsql
stable
security definer -- crm.customer_keys has no grant: it would tell which customers exist
set plan_cache_mode = force_custom_plan
-- By key, whatever the statistics say: keys are read from their index, which alone holds them.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_me uuid[] := array[app.uid()];
    v_team_ids uuid[] := app.team_ids();
    v_all boolean := app.can('customers', 'select', 'all');
    v_team boolean := app.can('customers', 'select', 'team');
    v_own boolean := app.can('customers', 'select', 'own');
    v_created boolean := app.can('customers', 'select', 'created');
    v_pipeline boolean := app.can('customers', 'select', 'pipeline');
begin
    if p_begins then
        if not (v_all or v_pipeline) then
            return null;
        end if;
        -- A stretch of the keys for each form of company that may stand before the name.
        return array(
            select found.customer_id
            from (
                select o.customer_id, min(o.key) as key
                from crm.search_needles(p_word) n
                cross join lateral unnest(
                    case n.kind when 'company' then '{"","cv ","fa ","pd ","pt ","ud "}'::text[] else '{""}' end
                ) as f (form)
                cross join lateral (
                    select k.customer_id, k.key
                    from crm.customer_keys k
                    join crm.customers c on c.org_id = k.org_id and c.customer_id = k.customer_id
                    where k.org_id = v_org_id
                      and k.kind = n.kind
                      and k.key >= f.form || n.needle
                      -- The last of all characters.
                      and k.key < f.form || n.needle || chr(1114111)
                      and starts_with(k.key, f.form || n.needle)
                      and (v_all or c.owner_ids <> '{}')
                    order by k.key
                    limit p_limit
                ) o
                group by o.customer_id
            ) found
            order by found.key, found.customer_id
            limit p_limit
        );
    end if;

    if v_all or v_pipeline then
        -- Whoever sees nearly all: the first that fit, in the order of the keys.
        return array(
            select found.customer_id
            from (
                select k.customer_id, min(k.key) as key
                from (
                    select o.customer_id, o.key
                    from crm.search_needles(p_word) n
                    cross join lateral (
                        select k.customer_id, k.key
                        from crm.customer_keys k
                        join crm.customers c on c.org_id = k.org_id and c.customer_id = k.customer_id
                        where k.org_id = v_org_id
                          and k.kind = n.kind
                          and strpos(k.key, n.needle) > 0
                          and (v_all or c.owner_ids <> '{}')
                        order by k.key
                        limit p_limit
                    ) o
                ) k
                group by k.customer_id
            ) found
            order by found.key, found.customer_id
            limit p_limit
        );
    end if;

    -- Others have few, and these are looked through: by what keys are made of, since keys have no index by customer.
    return array(
        with needles as materialized (
            select n.kind, n.needle from crm.search_needles(p_word) n
        ),
        mine as materialized (
            select c.customer_id, c.company_key, c.npwp_key, c.email_key, c.phone_key
            from crm.customers c
            where c.org_id = v_org_id
              and c.deleted_at is null
              and (
                  (v_team and c.owner_ids && v_team_ids)
                  or (v_own and c.owner_ids && v_me)
                  or (v_created and c.creator_ids && v_me)
              )
        ),
        found as (
            select m.customer_id, m.company_key
            from mine m
            join needles n on strpos(
                case n.kind
                    when 'company' then m.company_key
                    when 'email' then m.email_key
                    when 'phone' then m.phone_key
                    else m.npwp_key
                end,
                n.needle
            ) > 0
            union
            select m.customer_id, m.company_key
            from needles n
            cross join mine m
            join crm.contacts t on t.org_id = v_org_id and t.customer_id = m.customer_id
            where (n.kind = 'email' and strpos(t.email_key, n.needle) > 0)
               or (n.kind = 'phone' and (strpos(t.phone_key, n.needle) > 0 or strpos(t.mobile_key, n.needle) > 0))
        )
        select f.customer_id
        from found f
        order by f.company_key, f.customer_id
        limit p_limit
    );
end
$$;

comment on function crm.search_customers(text, integer, boolean) is
    'Up to p_limit customer_ids by company name, e-mail, telephone or NPWP, part of it anywhere; p_begins: those alone that begin with it, which are found at once, or null for people who have few. Read them through api.customers, so that the policies have the last word (pitfall P34, case 153).';
revoke all on function crm.search_customers(text, integer, boolean) from public;
grant execute on function crm.search_customers(text, integer, boolean) to authenticated;
