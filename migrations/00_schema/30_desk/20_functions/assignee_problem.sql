-- Why a ticket cannot be assigned to a person; null when it can.

create or replace function desk.assignee_problem(p_dept_target text, p_user_id uuid) returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when not exists (
            select
            from app.profiles p
            join app.roles r on r.role_key = p.role_key
            where p.org_id = app.org_id()
              and p.user_id = p_user_id
              and p.is_active
              and not r.is_read_only
              -- Of the department, or of a role that sees what is assigned to it.
              and (
                  p.dept_code = p_dept_target
                  or exists (
                      select
                      from app.role_permissions m
                      where m.role_key = p.role_key
                        and m.resource = 'tickets'
                        and m.action = 'select'
                        and m.scope in ('assigned', 'all')
                  )
              )
        ) then 'must be an active person who works for the department or can read the ticket'
    end
$$;

comment on function desk.assignee_problem(text, uuid) is
    'Null when the person of the caller''s organisation can be given a ticket of that department (spec: command_center §3.9).';
revoke all on function desk.assignee_problem(text, uuid) from public;
