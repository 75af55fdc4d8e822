-- People as those read them who may see the whole profile.

create view api.profiles with (security_invoker = true) as
select
    p.org_id, p.user_id, p.user_code, p.email, p.full_name, p.role_key, p.dept_code, p.manager_user_id, p.is_active,
    p.created_at, p.updated_at
from app.profiles p
where p.org_id = (select app.org_id());

comment on view api.profiles is 'Profiles that the reader may see (spec: command_center §1.7).';
revoke all on api.profiles from public;
grant select on api.profiles to authenticated, analyst;
