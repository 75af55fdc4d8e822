-- One's own records whose customers somebody else has reserved since.

create or replace function api.members_taken_records(p_module text, p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after timestamptz := (p_after ->> 'invalidated_at')::timestamptz;
    v_after_id bigint := (p_after ->> 'conflict_id')::bigint;
    v_found jsonb;
begin
    perform app.require('records', 'validate');
    select jsonb_agg(to_jsonb(page) order by page.invalidated_at desc, page.conflict_id desc)
    into v_found
    from (
        select
            c.conflict_id, c.record_id, c.database_id, c.database_name, c.product_id, c.product_name, c.customer_id,
            c.reserved_by_staff_id, c.reserved_by_staff_name, c.invalid_reason, c.invalidated_at
        from api.conflicts c
        where c.module = p_module
          and c.affected_staff_id = (select app.uid())
          and c.restored_at is null
          and (v_after is null or (c.invalidated_at, c.conflict_id) < (v_after, v_after_id))
        order by c.invalidated_at desc, c.conflict_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_found - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_found) > v_limit
                then jsonb_build_object(
                    'invalidated_at', v_found -> (v_limit - 1) -> 'invalidated_at', 'conflict_id', v_found -> (v_limit - 1) -> 'conflict_id'
                )
        end
    );
end
$$;

comment on function api.members_taken_records(text, integer, jsonb) is
    'p_module: normal, member_wd or bonanza; newest first. Returns {items: [{conflict_id, record_id, database_id, database_name, product_id, product_name, customer_id, reserved_by_staff_id, reserved_by_staff_name, invalid_reason, invalidated_at}], next}. Raises PT401, PT403 (spec: member §5.7 staff view).';
revoke all on function api.members_taken_records(text, integer, jsonb) from public;
grant execute on function api.members_taken_records(text, integer, jsonb) to authenticated;
