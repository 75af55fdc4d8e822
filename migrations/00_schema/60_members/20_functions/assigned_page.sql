-- Answers of lists of assigned records: the page, the links by which members are written to, and where the next page begins.

create or replace function members.assigned_page(p_rows jsonb, p_limit integer) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_code text := members.calling_code();
begin
    return jsonb_build_object(
        'items', (
            select coalesce(
                jsonb_agg(
                    (i.value - 'org_id')
                    || jsonb_build_object('whatsapp_link', members.whatsapp_link(i.value ->> 'phone', v_code), 'staff_name', u.full_name)
                    order by i.position
                ),
                '[]'
            )
            from jsonb_array_elements(p_rows) with ordinality as i (value, position)
            left join api.v_user_directory u on u.user_id = (i.value ->> 'staff_id')::uuid
            where i.position <= p_limit
        ),
        'next', case
            when jsonb_array_length(p_rows) > p_limit
                then jsonb_build_object(
                    'assigned_at', p_rows -> (p_limit - 1) -> 'assigned_at', 'record_id', p_rows -> (p_limit - 1) -> 'record_id'
                )
        end
    );
end
$$;

comment on function members.assigned_page(jsonb, integer) is
    'p_rows: up to p_limit + 1 rows of api.v_assigned_records, in order. Returns {items, next} (spec: member §3.7).';
revoke all on function members.assigned_page(jsonb, integer) from public;
grant execute on function members.assigned_page(jsonb, integer) to authenticated;
