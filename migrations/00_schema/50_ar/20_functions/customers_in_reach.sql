-- The customers whose invoices the caller sees, where that is not all of them.

create or replace function ar.customers_in_reach(p_resource text) returns text[]
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_people uuid[];
begin
    if app.can(p_resource, 'select', 'all') then
        return null;
    end if;
    v_people := case
        when app.can(p_resource, 'select', 'team') then app.team_ids()
        when app.can(p_resource, 'select', 'own') then array[app.uid()]
        else '{}'
    end;
    return array(
        select c.customer_id
        from crm.customers c
        where c.org_id = app.org_id() and c.owner_ids && v_people and c.deleted_at is null
    );
end
$$;

comment on function ar.customers_in_reach(text) is
    'p_resource: invoices or payments. customer_ids by the scopes of its policy, null for all: lists narrow by them, the policies decide (design §4).';
revoke all on function ar.customers_in_reach(text) from public;
