-- Leaves of the items of a list the fields that were asked for.

create or replace function app.pick_fields(p_page jsonb, p_fields text[]) returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_set(
        p_page,
        '{items}',
        (
            select coalesce(
                jsonb_agg(
                    (
                        select coalesce(jsonb_object_agg(f.key, f.value), '{}')
                        from jsonb_each(i.item) f
                        where f.key = any (p_fields)
                    )
                    order by i.position
                ),
                '[]'
            )
            from jsonb_array_elements(p_page -> 'items') with ordinality as i (item, position)
        )
    )
$$;

comment on function app.pick_fields(jsonb, text[]) is
    'p_page: {items: [{…}], …}. Returns it with p_fields of each item alone. Rule: issue of the Command Center §7, lists take `fields`.';
revoke all on function app.pick_fields(jsonb, text[]) from public;
grant execute on function app.pick_fields(jsonb, text[]) to authenticated;
