-- What an activity hangs on, when the caller may work on it: customer, lead and prospect belong together.

create or replace function crm.activity_parent(p_wanted jsonb, out customer_id text, out lead_id text, out prospect_id text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    -- A lead or prospect that does not count tells nothing of its customer, and its customer nothing of it (decisions §5.1).
    if p_wanted ? 'prospect_id' and app.may_update_prospects(v_org_id, p_wanted ->> 'prospect_id') then
        select case when p.counts then p.customer_id end, p.prospect_id
        into customer_id, prospect_id
        from crm.prospects p
        where p.org_id = v_org_id and p.prospect_id = p_wanted ->> 'prospect_id';
    elsif p_wanted ? 'lead_id' and app.may_update_leads(v_org_id, p_wanted ->> 'lead_id') then
        select case when l.counts then l.customer_id end, l.lead_id, l.prospect_id
        into customer_id, lead_id, prospect_id
        from crm.leads l
        where l.org_id = v_org_id and l.lead_id = p_wanted ->> 'lead_id';
    elsif p_wanted ? 'customer_id' and app.may_update_customers(v_org_id, p_wanted ->> 'customer_id') then
        customer_id := p_wanted ->> 'customer_id';
    end if;
    if coalesce(customer_id, lead_id, prospect_id) is null then
        perform app.fail('PT404', 'activity.about.not_found', 'There is nothing of this id that you may work on.');
    end if;
end
$$;

comment on function crm.activity_parent(jsonb) is
    'p_wanted: crm.draft_activity(). Raises PT404 activity.about.not_found unless the caller may change the prospect, lead or customer (spec: command_center §1.7).';
revoke all on function crm.activity_parent(jsonb) from public;
