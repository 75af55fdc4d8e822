-- Rights on ar.invoices: read; due date and notes can be changed, everything else through functions (spec: command_center §1.6, §1.7).

revoke all on ar.invoices from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ar.invoices to authenticated, analyst;
grant update (due_date, notes) on ar.invoices to authenticated;
