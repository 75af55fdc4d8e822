-- Every assigned record of normal databases that the caller oversees, newest assignment first.

create or replace function api.members_list_assignments(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after_at timestamptz := (p_after ->> 'assigned_at')::timestamptz;
    v_after_id bigint := (p_after ->> 'record_id')::bigint;
    v_rows jsonb;
    v_staff uuid[];
begin
    perform app.require('staff_progress', 'select');
    -- Literally what was typed: a percent sign is a percent sign.
    v_staff := case
        when p_filters ? 'search' then array(
            select u.user_id from api.v_user_directory u where strpos(lower(u.full_name), lower(p_filters ->> 'search')) > 0
        )
    end;
    select jsonb_agg(to_jsonb(page) order by page.assigned_at desc, page.record_id desc)
    into v_rows
    from (
        select r.*
        from api.v_assigned_records r
        where ((p_filters ->> 'product_id') is null or r.product_id = (p_filters ->> 'product_id')::bigint)
          and ((p_filters ->> 'database_id') is null or r.database_id = (p_filters ->> 'database_id')::bigint)
          and ((p_filters ->> 'staff_id') is null or r.staff_id = (p_filters ->> 'staff_id')::uuid)
          and (v_staff is null or r.staff_id = any (v_staff))
          and ((p_filters ->> 'whatsapp_status') is null or coalesce(r.whatsapp_status, 'none') = p_filters ->> 'whatsapp_status')
          and ((p_filters ->> 'respond_status') is null or coalesce(r.respond_status, 'none') = p_filters ->> 'respond_status')
          and (v_after_id is null or (r.assigned_at, r.record_id) < (v_after_at, v_after_id))
        order by r.assigned_at desc, r.record_id desc
        limit v_limit + 1
    ) page;
    return members.assigned_page(v_rows, v_limit);
end
$$;

comment on function api.members_list_assignments(jsonb, integer, jsonb) is
    'p_filters {product_id, database_id, staff_id, whatsapp_status, respond_status (a status, or none), search: part of a staff''s name}; p_limit 1–100; p_after: `next` of the page before. Newest assignment first. Returns {items: rows of api.v_assigned_records with whatsapp_link and staff_name, next}. Raises PT401, PT403 (spec: member §5.5 All Assignments).';
revoke all on function api.members_list_assignments(jsonb, integer, jsonb) from public;
grant execute on function api.members_list_assignments(jsonb, integer, jsonb) to authenticated;
