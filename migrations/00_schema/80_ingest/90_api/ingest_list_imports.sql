-- A page of the imports that the caller sees, newest first.

create or replace function api.ingest_list_imports(
    p_module text default null,
    p_status text default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
-- Filters that are not given must not be planned for.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_before bigint := coalesce((p_after ->> 'import_id')::bigint, 9223372036854775807);
    v_ids bigint[];
begin
    perform app.require('imports', 'select');

    -- The scopes of the policy once more, so that each is answered from its index (design §4).
    if app.can('imports', 'select', 'all') then
        v_ids := array(
            select i.import_id
            from ingest.imports i
            where i.org_id = v_org_id and i.import_id < v_before
              and (p_module is null or i.module = p_module) and (p_status is null or i.status = p_status)
            order by i.import_id desc
            limit v_limit + 1
        );
    else
        v_ids := array(
            select seen.import_id
            from (
                (
                    select i.import_id
                    from ingest.imports i
                    where i.org_id = v_org_id and i.uploaded_by = app.uid() and i.import_id < v_before
                      and (p_module is null or i.module = p_module) and (p_status is null or i.status = p_status)
                    order by i.import_id desc
                    limit v_limit + 1
                )
                union
                (
                    select i.import_id
                    from unnest(app.managed_modules()) as m (module)
                    cross join lateral (
                        select n.import_id
                        from ingest.imports n
                        where n.org_id = v_org_id and n.module = m.module and n.import_id < v_before
                          and (p_status is null or n.status = p_status)
                        order by n.import_id desc
                        limit v_limit + 1
                    ) i
                    where p_module is null or m.module = p_module
                )
            ) seen
            order by seen.import_id desc
            limit v_limit + 1
        );
    end if;

    return jsonb_build_object(
        'items', (
            select coalesce(jsonb_agg(ingest.import_as_json(v_org_id, l.import_id) order by l.position), '[]')
            from unnest(v_ids[:v_limit]) with ordinality as l (import_id, position)
        ),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('import_id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.ingest_list_imports(text, text, integer, jsonb) is
    'p_module, p_status: of the imports, or null for all; p_limit 1–100; p_after: `next` of the page before. Returns {items: [import], next} (spec: command_center §3.7).';
revoke all on function api.ingest_list_imports(text, text, integer, jsonb) from public;
grant execute on function api.ingest_list_imports(text, text, integer, jsonb) to authenticated;
