-- How many invalid records wait, by staff.

create or replace function api.members_invalid_overview(p_module text, p_product_id bigint default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('records', 'assign');
    perform members.check_module(p_module);
    return (
        select jsonb_build_object(
            'total_invalid', coalesce(sum(g.invalid), 0),
            'items', coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'staff_id', g.assigned_to, 'staff_name', g.full_name, 'invalid_count', g.invalid, 'groups', g.groups
                    )
                    order by g.full_name, g.assigned_to
                ),
                '[]'
            )
        )
        from (
            select
                r.assigned_to, u.full_name, sum(r.invalid) as invalid,
                jsonb_agg(
                    jsonb_build_object(
                        'batch_id', r.batch_id, 'database_id', r.database_id, 'database_name', r.database_name,
                        'invalid_count', r.invalid
                    )
                    order by r.batch_id, r.database_id
                ) as groups
            from (
                -- Assigned ones only: what is archived has been dealt with.
                select r.assigned_to, r.batch_id, r.database_id, r.database_name, count(*) as invalid
                from api.records r
                where r.module = p_module and r.status = 'assigned' and r.validation_status = 'invalid'
                  and (p_product_id is null or r.product_id = p_product_id)
                group by 1, 2, 3, 4
            ) r
            left join api.v_user_directory u on u.user_id = r.assigned_to
            group by r.assigned_to, u.full_name
        ) g
    );
end
$$;

comment on function api.members_invalid_overview(text, bigint) is
    'p_product_id: null = of all products. Returns {total_invalid, items: [{staff_id, staff_name, invalid_count, groups: [{batch_id, database_id, database_name, invalid_count}]}]} of the staff that the caller sees. Raises PT401, PT403, PT422 (spec: member §5.10 invalid overview).';
revoke all on function api.members_invalid_overview(text, bigint) from public;
grant execute on function api.members_invalid_overview(text, bigint) to authenticated;
