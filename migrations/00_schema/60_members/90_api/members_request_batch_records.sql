-- Records of one of the caller's own batches of normal databases.

create or replace function api.members_request_batch_records(p_batch_id text, p_limit integer default 50, p_after jsonb default null) returns jsonb
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
    v_batch record;
begin
    perform app.require('records', 'validate');
    select * into v_batch from members.take_request_batch(p_batch_id);
    select jsonb_agg(to_jsonb(page) order by page.assigned_at desc, page.record_id desc)
    into v_rows
    from (
        select r.*
        from api.v_assigned_records r
        where r.staff_id = (select app.uid())
          and r.database_id = v_batch.database_id
          and r.batch_id is not distinct from v_batch.batch_id
          and (v_after_id is null or (r.assigned_at, r.record_id) < (v_after_at, v_after_id))
        order by r.assigned_at desc, r.record_id desc
        limit v_limit + 1
    ) page;
    return members.assigned_page(v_rows, v_limit);
end
$$;

comment on function api.members_request_batch_records(text, integer, jsonb) is
    'p_batch_id: as in api.members_request_batches; p_limit 1–100; p_after: `next` of the page before. Newest assignment first. Returns {items: rows of api.v_assigned_records with whatsapp_link and staff_name, next}. Raises PT401, PT403, PT404 batch.not_found (spec: member §5.4).';
revoke all on function api.members_request_batch_records(text, integer, jsonb) from public;
grant execute on function api.members_request_batch_records(text, integer, jsonb) to authenticated;
