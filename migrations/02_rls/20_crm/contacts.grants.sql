-- Rights on crm.contacts: what people type can be changed; the customer, who is primary and the stamps cannot.

revoke all on crm.contacts from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.contacts to authenticated, analyst;
grant update (
    full_name, first_name, last_name, title, department, email, phone, mobile, decision_maker, influencer, notes
) on crm.contacts to authenticated;
