-- A page of the people whose profiles the caller sees, by name.

create or replace function api.app_list_users(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
-- Filters that are not given must not be planned for.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_ids uuid[];
    v_last app.profiles;
begin
    perform app.require('profiles', 'select');
    v_ids := array(
        select p.user_id
        from app.profiles p
        where p.org_id = (select app.org_id())
          and p.deleted_at is null
          and (p_after is null or (p.full_name, p.user_id) > (p_after ->> 'full_name', (p_after ->> 'user_id')::uuid))
          and (p_filters ->> 'role_key' is null or p.role_key = p_filters ->> 'role_key')
          and (p_filters ->> 'dept_code' is null or p.dept_code = p_filters ->> 'dept_code')
          and (p_filters ->> 'manager_user_id' is null or p.manager_user_id = (p_filters ->> 'manager_user_id')::uuid)
          and (p_filters ->> 'is_active' is null or p.is_active = (p_filters ->> 'is_active')::boolean)
          -- Literally what was typed: a percent sign is a percent sign.
          and (
              p_filters ->> 'search' is null
              or strpos(lower(concat_ws(' ', p.full_name, p.email, p.user_code)), lower(p_filters ->> 'search')) > 0
          )
        order by p.full_name, p.user_id
        limit v_limit + 1
    );
    if cardinality(v_ids) > v_limit then
        select p.* into v_last from app.profiles p where p.org_id = app.org_id() and p.user_id = v_ids[v_limit];
    end if;
    return jsonb_build_object(
        'items', (
            select coalesce(jsonb_agg(app.profile_as_json(app.org_id(), l.user_id) order by l.position), '[]')
            from unnest(v_ids[:v_limit]) with ordinality as l (user_id, position)
        ),
        'next', case
            when v_last.user_id is not null
                then jsonb_build_object('full_name', v_last.full_name, 'user_id', v_last.user_id)
        end
    );
end
$$;

comment on function api.app_list_users(jsonb, integer, jsonb) is
    'p_filters: role_key, dept_code, manager_user_id, is_active, search (part of name, e-mail or code); p_limit 1–100; p_after: `next` of the page before. Returns {items: [profile], next}, without people who were deleted. Raises PT401, PT403 (spec: command_center §7 EXTRA).';
revoke all on function api.app_list_users(jsonb, integer, jsonb) from public;
grant execute on function api.app_list_users(jsonb, integer, jsonb) to authenticated;
