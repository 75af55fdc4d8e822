-- How lists find what is rare: rows that have left the value with which all of them begin.
--
-- Files of leads make leads, prospects and customers that still have it, and pay nothing for these indexes; a list filtered by
-- that value is read in its own order.

create index prospects_stage_idx on crm.prospects (org_id, current_stage, created_at desc, prospect_id desc)
    where current_stage <> 'Prospect Created';
comment on index crm.prospects_stage_idx is 'For a filter of api.crm_list_prospects.';

create index customers_customer_type_idx on crm.customers (org_id, customer_type, created_at desc, customer_id desc)
    where customer_type <> 'business';
comment on index crm.customers_customer_type_idx is 'For a filter of api.crm_list_customers.';

create index customers_status_idx on crm.customers (org_id, status, created_at desc, customer_id desc)
    where status <> 'prospect';
comment on index crm.customers_status_idx is 'For a filter of api.crm_list_customers.';

create index leads_status_idx on crm.leads (org_id, status, created_at desc, lead_id desc) where status <> 'New';
comment on index crm.leads_status_idx is 'For a filter of api.crm_list_leads, and for counts by status.';
