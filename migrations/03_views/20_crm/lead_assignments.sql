-- Who had which lead, and who handed it over.

create view api.lead_assignments with (security_invoker = true) as
select a.org_id, a.assignment_id, a.lead_id, a.from_user_id, a.to_user_id, a.assigned_by, a.assigned_at, a.notes
from crm.lead_assignments a
where a.org_id = (select app.org_id());

comment on view api.lead_assignments is
    'Handovers of leads that the reader may see, the first owner included (spec: command_center §2.3, §3.4).';
revoke all on api.lead_assignments from public;
grant select on api.lead_assignments to authenticated, analyst;
