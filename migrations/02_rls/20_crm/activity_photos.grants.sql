-- Rights on crm.activity_photos: added through api functions, never changed by hand.

revoke all on crm.activity_photos from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.activity_photos to authenticated, analyst;
