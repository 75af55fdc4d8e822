-- What a new customer would be found by: the ways to reach its person, and those to reach the company.

create or replace function crm.customer_drafts(p_wanted jsonb, p_calling_code text) returns crm.lead_draft[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select array_agg(
        jsonb_populate_record(null::crm.lead_draft, jsonb_build_object(
            'row_no', d.row_no,
            'npwp_key', crm.npwp_key(p_wanted ->> 'npwp'),
            'email_key', d.email_key,
            'phone_key', d.phone_key,
            'company_key', crm.company_key(p_wanted ->> 'company_name')
        ))
        order by d.row_no
    )
    from (
        -- One where both say the same.
        select min(w.row_no) as row_no, w.email_key, w.phone_key
        from (
            values
                (1, crm.email_key(p_wanted ->> 'pic_email'), crm.phone_key(p_wanted ->> 'pic_phone', p_calling_code)),
                (2, crm.email_key(p_wanted ->> 'email'), crm.phone_key(p_wanted ->> 'phone', p_calling_code))
        ) as w (row_no, email_key, phone_key)
        group by w.email_key, w.phone_key
    ) d
$$;

comment on function crm.customer_drafts(jsonb, text) is
    'p_wanted: crm.draft_customer of a new one. Returns one or two drafts for crm.match_customers, which knows one address and one number of each (spec: command_center §3.1, decisions §1.3).';
revoke all on function crm.customer_drafts(jsonb, text) from public;
