-- Rights on crm.customer_documents: added and deleted through api functions, never changed.

revoke all on crm.customer_documents from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.customer_documents to authenticated, analyst;
