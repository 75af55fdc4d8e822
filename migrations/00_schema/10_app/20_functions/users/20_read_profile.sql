-- Reads the body that makes or changes a person: values as they are meant, or every problem at once.

create or replace function app.read_profile(p_input jsonb, p_is_new boolean) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pages jsonb := p_input -> 'blocked_pages';
    v_values jsonb;
    v_problems jsonb;
begin
    v_values := app.read_payload(
        'user',
        case when jsonb_typeof(p_input) = 'object' then p_input - 'blocked_pages' else p_input end,
        jsonb_build_object(
            'email', jsonb_build_object('kind', 'text', 'required', p_is_new, 'maximum', 255),
            'full_name', jsonb_build_object('kind', 'text', 'required', p_is_new, 'maximum', 255),
            'role_key', jsonb_build_object('kind', 'text', 'required', p_is_new, 'maximum', 50),
            'dept_code', jsonb_build_object('kind', 'text', 'required', p_is_new, 'maximum', 20),
            'user_code', jsonb_build_object('kind', 'text', 'maximum', 30),
            'manager_user_id', jsonb_build_object('kind', 'uuid')
        ) || case when p_is_new then '{"user_id": {"kind": "uuid"}}'::jsonb else '{"is_active": {"kind": "boolean"}}'::jsonb end
    );

    select jsonb_agg(jsonb_build_object('field', p.field, 'code', p.code, 'message', p.message))
    into v_problems
    from (
        values
            (
                'email', 'user.email.format', 'must be an e-mail address',
                v_values ->> 'email' !~ '^[^\s@]+@[^\s@]+\.[^\s@]+$'
            ),
            (
                'role_key', 'user.role_key.unknown', 'is no role',
                v_values ? 'role_key' and not exists (select from app.roles r where r.role_key = v_values ->> 'role_key')
            ),
            (
                'dept_code', 'user.dept_code.unknown', 'is no department of yours',
                v_values ? 'dept_code' and not exists (
                    select from app.departments d where d.org_id = app.org_id() and d.dept_code = v_values ->> 'dept_code'
                )
            ),
            (
                'manager_user_id', 'user.manager_user_id.unknown', 'is nobody who works here',
                v_values ? 'manager_user_id' and not exists (
                    select
                    from app.profiles p
                    where p.org_id = app.org_id() and p.user_id = (v_values ->> 'manager_user_id')::uuid and p.is_active
                )
            ),
            (
                'blocked_pages', 'user.blocked_pages.type', 'must be a list of at most 50 names of pages',
                v_pages <> 'null' and (
                    jsonb_typeof(v_pages) <> 'array'
                    or v_pages @? '$[*] ? (@.type() != "string" || !(@ like_regex "^[a-z0-9_/-]{1,60}$"))'
                    or jsonb_array_length(v_pages) > 50
                )
            )
    ) as p (field, code, message, is_wrong)
    where p.is_wrong;
    if v_problems is not null then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_values || case when v_pages <> 'null' then jsonb_build_object('blocked_pages', v_pages) else '{}'::jsonb end;
end
$$;

comment on function app.read_profile(jsonb, boolean) is
    'p_input {email, full_name, role_key, dept_code, user_code, manager_user_id, blocked_pages, user_id if p_is_new, is_active if not}. Returns what was given. Raises PT422 request.invalid: user.email.format, user.role_key.unknown, user.dept_code.unknown, user.manager_user_id.unknown, user.blocked_pages.type, and what app.read_payload raises. Rule: spec command_center §1.6.';
revoke all on function app.read_profile(jsonb, boolean) from public;
