-- The customer that a new one turns out to be, locked; or that there is none yet.

create or replace function crm.place_of_customer(p_org_id uuid, p_actor jsonb, p_drafts crm.lead_draft[]) returns crm.lead_place
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_place crm.lead_place;
    v_npwp_key text := p_drafts[1].npwp_key;
begin
    loop
        -- The strongest key of all decides, as it does within one draft.
        select (m.places[1]).*
        into v_place
        from unnest(p_drafts) d
        -- One by one: drafts of one chunk that share a key wait for each other.
        cross join lateral (select crm.match_customers(p_org_id, p_actor, array[d::crm.lead_draft]) as places offset 0) m
        order by array_position(array['npwp', 'email', 'phone', 'company'], (m.places[1]).matched_by), d.row_no
        limit 1;
        if v_place.customer_id is null then
            return v_place;
        end if;

        perform
        from crm.customers c
        where c.org_id = p_org_id
          and c.customer_id = v_place.customer_id
          and c.deleted_at is null
          and (c.npwp_key is null or v_npwp_key is null or c.npwp_key = v_npwp_key)
        for no key update;
        exit when found;
        -- Whoever held it has given it another NPWP, or deleted it, while we waited: all is asked once more.
    end loop;
    return v_place;
end
$$;

comment on function crm.place_of_customer(uuid, jsonb, crm.lead_draft[]) is
    'p_actor: crm.lead_rules(); p_drafts: crm.customer_drafts(). outcome create, or match with the row locked. Callers hold the locks of crm.lock_customer_keys (spec: command_center §3.1).';
revoke all on function crm.place_of_customer(uuid, jsonb, crm.lead_draft[]) from public;
