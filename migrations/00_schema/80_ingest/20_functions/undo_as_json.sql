-- An undo as functions and routes show it, with a page of what it left alone.

create or replace function ingest.undo_as_json(p_org_id uuid, p_import_id bigint, p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_items jsonb;
begin
    select jsonb_agg(jsonb_build_object(
        'refusal_id', r.refusal_id, 'target_table', r.target_table, 'target_id', r.target_id, 'reason', r.reason, 'row_no', r.row_no
    ) order by r.refusal_id)
    into v_items
    from (
        select x.*
        from ingest.undo_refusals x
        where x.org_id = p_org_id
          and x.import_id = p_import_id
          and x.refusal_id > coalesce((p_after ->> 'refusal_id')::bigint, 0)
        order by x.refusal_id
        limit v_limit + 1
    ) r;
    return (
        select jsonb_build_object(
            'import_id', u.import_id,
            'status', case when u.finished_at is null then 'undoing' else 'undone' end,
            'removed_rows', u.removed_rows,
            'restored_rows', u.restored_rows,
            'refused_rows', u.refused_rows,
            'begun_by', u.begun_by,
            'begun_at', u.begun_at,
            'finished_at', u.finished_at,
            'items', coalesce(v_items - v_limit, '[]'),
            'next', case
                when jsonb_array_length(v_items) > v_limit
                    then jsonb_build_object('refusal_id', v_items -> (v_limit - 1) -> 'refusal_id')
            end
        )
        from ingest.import_undos u
        where u.org_id = p_org_id and u.import_id = p_import_id
    );
end
$$;

comment on function ingest.undo_as_json(uuid, bigint, integer, jsonb) is
    'Returns {import_id, status: undoing or undone, removed_rows, restored_rows, refused_rows, begun_by, begun_at, finished_at, items: what was left alone {refusal_id, target_table, target_id, reason, row_no}, next}; null where nobody has undone the import. Runs with the rights of its caller. Rule: decisions §3, undo.';
revoke all on function ingest.undo_as_json(uuid, bigint, integer, jsonb) from public;
grant execute on function ingest.undo_as_json(uuid, bigint, integer, jsonb) to authenticated;
