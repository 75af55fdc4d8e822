-- Rights on crm.customers: columns that people type can be changed; ids, ownership, credit and stamps cannot.

revoke all on crm.customers from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.customers to authenticated, analyst;
grant update (
    company_name, legal_name, external_code, npwp, email, phone, website, address, city, country, status, customer_type, size,
    industry, registration_number, custom_fields, warranty_expiry_alert_opt_out, external_ref
) on crm.customers to authenticated;
