-- Adds a person to an organisation; the way in for commands and fixtures, people use api functions.

create or replace function app.create_profile(
    p_org_id uuid,
    p_email text,
    p_full_name text,
    p_role_key text,
    p_dept_code text,
    p_manager_user_id uuid default null,
    p_user_id uuid default null
) returns uuid
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into app.profiles (org_id, user_id, email, full_name, role_key, dept_code, manager_user_id)
    values (
        p_org_id,
        coalesce(p_user_id, gen_random_uuid()),
        lower(btrim(p_email)),
        btrim(p_full_name),
        p_role_key,
        p_dept_code,
        p_manager_user_id
    )
    returning user_id
$$;

comment on function app.create_profile(uuid, text, text, text, text, uuid, uuid) is
    'Returns the user_id; user_code is made by trigger. Owner only (spec: command_center §1.2, §2.2).';
revoke all on function app.create_profile(uuid, text, text, text, text, uuid, uuid) from public;
