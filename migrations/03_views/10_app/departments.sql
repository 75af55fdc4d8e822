-- Departments of the organisation.

create view api.departments with (security_invoker = true) as
select d.org_id, d.dept_code, d.dept_name, d.is_operations
from app.departments d
where d.org_id = (select app.org_id());

comment on view api.departments is 'Departments of the reader''s organisation (spec: command_center §1.1).';
revoke all on api.departments from public;
grant select on api.departments to authenticated, analyst;
