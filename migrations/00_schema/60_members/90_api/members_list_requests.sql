-- Requests that the caller may see, newest first.

create or replace function api.members_list_requests(
    p_status text default null,
    p_database_id bigint default null,
    p_staff_id uuid default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'request_id')::bigint;
    v_items jsonb;
begin
    perform app.require('download_requests', 'select');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.request_id desc)
    into v_items
    from (
        select q.*
        from api.download_requests q
        where (p_status is null or q.status = p_status)
          and (p_database_id is null or q.database_id = p_database_id)
          and (p_staff_id is null or q.requested_by = p_staff_id)
          and (v_after is null or q.request_id < v_after)
        order by q.request_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit
                then jsonb_build_object('request_id', v_items -> (v_limit - 1) -> 'request_id')
        end
    );
end
$$;

comment on function api.members_list_requests(text, bigint, uuid, integer, jsonb) is
    'p_status: pending, approved, rejected or null for all; p_limit 1–100; p_after: `next` of the page before. Newest first. Returns {items: rows of api.download_requests, next}. Raises PT401, PT403 (spec: member §8).';
revoke all on function api.members_list_requests(text, bigint, uuid, integer, jsonb) from public;
grant execute on function api.members_list_requests(text, bigint, uuid, integer, jsonb) to authenticated;
