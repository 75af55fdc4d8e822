-- Adds the person that a customer came with, unless the customer has that person already.

create or replace function crm.add_pic(p_org_id uuid, p_customer_id text, p_wanted jsonb) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email_key text := crm.email_key(p_wanted ->> 'pic_email');
    v_phone_key text := crm.phone_key(p_wanted ->> 'pic_phone', crm.calling_code_of(p_org_id));
    v_contact_id bigint;
begin
    -- By what tells people apart best, of what was typed.
    select c.contact_id
    into v_contact_id
    from crm.contacts c
    where c.org_id = p_org_id
      and c.customer_id = p_customer_id
      and case
          when v_email_key is not null then c.email_key = v_email_key
          when v_phone_key is not null then v_phone_key in (c.phone_key, c.mobile_key)
          else lower(c.full_name) = lower(p_wanted ->> 'pic_name')
      end
    order by c.contact_id
    limit 1;
    if v_contact_id is null then
        insert into crm.contacts (org_id, customer_id, full_name, email, phone, is_primary, created_by)
        select
            p_org_id, p_customer_id, p_wanted ->> 'pic_name', p_wanted ->> 'pic_email', p_wanted ->> 'pic_phone',
            not exists (
                select from crm.contacts c where c.org_id = p_org_id and c.customer_id = p_customer_id and c.is_primary
            ),
            app.uid()
        returning contact_id into v_contact_id;
    end if;
    return v_contact_id;
end
$$;

comment on function crm.add_pic(uuid, text, jsonb) is
    'p_wanted: {pic_name, pic_email, pic_phone}. Returns the contact_id. The first person of a customer is primary; callers hold the customer''s lock (decisions §1.3).';
revoke all on function crm.add_pic(uuid, text, jsonb) from public;
