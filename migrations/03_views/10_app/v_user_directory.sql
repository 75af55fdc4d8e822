-- Who is who in the organisation: names for ids, for everybody.

create view api.v_user_directory with (security_barrier = true) as
select p.org_id, p.user_id, p.user_code, p.full_name, p.role_key, p.dept_code, p.is_active
from app.profiles p
where p.org_id = (select app.org_id())
  and (select app.can('v_user_directory', 'select', 'all'));

comment on view api.v_user_directory is
    'Id, code, name, role and department of everybody in the reader''s organisation, and whether they still work there. Runs as its owner because profiles themselves are not for all; filters by itself (spec: command_center §1.5).';
revoke all on api.v_user_directory from public;
grant select on api.v_user_directory to authenticated, analyst;
