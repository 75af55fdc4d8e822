-- Rights on crm.leads: what was typed and the next step can be changed; ids, links, owner, attribution and status cannot (spec: command_center §1.6).

revoke all on crm.leads from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.leads to authenticated, analyst;
grant update (
    pic_name, contact_phone, email, city_area, country, route, est_volume_value, est_volume_unit, timeline, notes, next_step,
    due_date
) on crm.leads to authenticated;
