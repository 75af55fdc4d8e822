-- The caller's own batches of normal databases: one for each approved request, and what came before there were any.

create or replace function api.members_request_batches(
    p_product_id bigint default null,
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
    v_org_id uuid := app.org_id();
    v_uid uuid := app.uid();
    v_rows jsonb;
begin
    perform app.require('records', 'validate');
    select jsonb_agg(to_jsonb(page) order by page.rank, page.key desc)
    into v_rows
    from (
        select m.*, d.name as database_name, d.product_id, coalesce(p.name, 'Unknown') as product_name
        from (
            select
                q.request_id::text as id, false as is_legacy, b.is_pinned, case when b.is_pinned then 0 else 2 end as rank,
                b.batch_id as key, b.batch_id, b.database_id, b.custom_name as custom_title, q.requested_at, q.reviewed_at as approved_at
            from members.batches b
            join members.download_requests q on q.org_id = b.org_id and q.batch_id = b.batch_id
            where b.org_id = v_org_id and b.staff_id = v_uid and b.module = 'normal' and b.closed_at is null
            union all
            -- What was handed out before there were requests, by database.
            select
                'legacy_' || l.database_id, true, coalesce(t.is_pinned, false), case when t.is_pinned then 1 else 3 end,
                l.database_id, null, l.database_id, t.custom_title, null, null
            from (
                select distinct r.database_id
                from members.records r
                where r.org_id = v_org_id and r.assigned_to = v_uid and r.module = 'normal' and r.status = 'assigned' and r.batch_id is null
            ) l
            left join members.batch_titles t on t.org_id = v_org_id and t.user_id = v_uid and t.database_id = l.database_id
        ) m
        join members.databases d on d.org_id = v_org_id and d.database_id = m.database_id
        left join members.products p on p.org_id = d.org_id and p.product_id = d.product_id
        where (p_product_id is null or d.product_id = p_product_id)
          and (
              p_after is null
              or m.rank > (p_after ->> 'rank')::integer
              or (m.rank = (p_after ->> 'rank')::integer and m.key < (p_after ->> 'key')::bigint)
          )
        order by m.rank, m.key desc
        limit v_limit + 1
    ) page;

    return jsonb_build_object(
        'items', (
            select coalesce(
                jsonb_agg((b.value - '{rank,key,batch_id}'::text[]) || to_jsonb(n) order by b.position), '[]'
            )
            from jsonb_array_elements(v_rows) with ordinality as b (value, position)
            cross join lateral (
                select
                    count(*) as record_count,
                    count(*) filter (where r.whatsapp_status = 'ada') as ada_count,
                    count(*) filter (where r.whatsapp_status = 'ceklis1') as ceklis1_count,
                    count(*) filter (where r.whatsapp_status = 'tidak') as tidak_count,
                    count(*) filter (where r.respond_status = 'ya') as respond_ya_count,
                    count(*) filter (where r.respond_status = 'tidak') as respond_tidak_count
                from members.records r
                where r.org_id = v_org_id and r.assigned_to = v_uid and r.module = 'normal' and r.status = 'assigned'
                  and r.database_id = (b.value ->> 'database_id')::bigint
                  and r.batch_id is not distinct from (b.value ->> 'batch_id')::bigint
            ) n
            where b.position <= v_limit
        ),
        'next', case
            when jsonb_array_length(v_rows) > v_limit
                then jsonb_build_object('rank', v_rows -> (v_limit - 1) -> 'rank', 'key', v_rows -> (v_limit - 1) -> 'key')
        end
    );
end
$$;

comment on function api.members_request_batches(bigint, integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Pinned first, then newest approved, legacy last. Returns {items: [{id: request id or legacy_<database_id>, is_legacy, database_id, database_name, product_id, product_name, custom_title, is_pinned, record_count, ada_count, ceklis1_count, tidak_count, respond_ya_count, respond_tidak_count, requested_at, approved_at}], next}; counts are of now. Raises PT401, PT403 (spec: member §5.4, cases 31–33).';
revoke all on function api.members_request_batches(bigint, integer, jsonb) from public;
grant execute on function api.members_request_batches(bigint, integer, jsonb) to authenticated;
