-- Tells managers about leads on customers that their creator could not read.

create or replace function crm.report_uncounted_leads(p_user_id uuid, p_lead_ids text[]) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    select app.notify(
        crm.lead_managers_of(p_user_id),
        'lead.needs_owner',
        case cardinality(p_lead_ids)
            when 1 then 'Lead ' || p_lead_ids[1] || ' is about an existing customer and needs an owner'
            else cardinality(p_lead_ids) || ' leads are about existing customers and need an owner'
        end,
        'crm.leads',
        p_lead_ids[1]
    )
    where cardinality(p_lead_ids) > 0
$$;

comment on function crm.report_uncounted_leads(uuid, text[]) is
    'One notification to each manager of p_user_id about leads that count for nobody until they are assigned (decisions D1).';
revoke all on function crm.report_uncounted_leads(uuid, text[]) from public;
