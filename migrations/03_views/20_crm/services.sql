-- The service catalogue.

create view api.services with (security_invoker = true) as
select s.org_id, s.service_code, s.service_name, s.owner_dept, s.scope_group
from crm.services s
where s.org_id = (select app.org_id());

comment on view api.services is 'Services of the reader''s organisation (spec: command_center §2.3).';
revoke all on api.services from public;
grant select on api.services to authenticated, analyst;
