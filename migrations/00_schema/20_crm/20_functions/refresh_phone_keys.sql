-- Work: keys of telephone numbers that were typed without a country code follow the organisation's region.

create or replace function crm.refresh_phone_keys(p_org_id uuid, p_limit integer default 500) returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_code text := crm.calling_code_of(p_org_id);
    v_customers integer;
    v_contacts integer;
begin
    -- Written as it is: the triggers make the keys. Customers before their people, each in the order of their keys.
    update crm.customers c
    set phone = c.phone
    where c.org_id = p_org_id
      and c.customer_id = any (array(
          select x.customer_id
          from crm.customers x
          where x.org_id = p_org_id and x.phone is not null and x.phone_key is distinct from crm.phone_key(x.phone, v_code)
          order by x.customer_id
          limit p_limit
          for no key update
      ));
    get diagnostics v_customers = row_count;
    update crm.contacts c
    set phone = c.phone
    where c.org_id = p_org_id
      and c.contact_id = any (array(
          select x.contact_id
          from crm.contacts x
          where x.org_id = p_org_id
            and (
                (x.phone is not null and x.phone_key is distinct from crm.phone_key(x.phone, v_code))
                or (x.mobile is not null and x.mobile_key is distinct from crm.phone_key(x.mobile, v_code))
            )
          order by x.contact_id
          limit p_limit - v_customers
          for no key update
      ));
    get diagnostics v_contacts = row_count;
    return v_customers + v_contacts >= p_limit;
end
$$;

comment on function crm.refresh_phone_keys(uuid, integer) is
    'Makes at most p_limit keys of customers and contacts anew; returns whether more may be left. A number with a country code keeps its key (decisions §4, §5.4).';
revoke all on function crm.refresh_phone_keys(uuid, integer) from public;
