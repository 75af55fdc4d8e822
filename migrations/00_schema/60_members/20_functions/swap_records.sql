-- Archives records and hands out what replaces them, one for one, into the same batch.

create or replace function members.swap_records(
    p_org_id uuid,
    p_staff_id uuid,
    p_by uuid,
    p_archive bigint[],
    p_pairs jsonb
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ended jsonb;
begin
    select jsonb_object_agg(e.record_id, e.assignment_id)
    into v_ended
    from members.archive_records(p_org_id, p_archive, p_by) e;

    if jsonb_array_length(p_pairs) > 0 then
        perform members.hand_out(
            p_org_id,
            p_staff_id,
            p_by,
            array_agg(p.new_record_id order by p.new_record_id),
            array_agg(p.batch_id order by p.new_record_id),
            array_agg((v_ended ->> p.old_record_id::text)::bigint order by p.new_record_id)
        )
        from jsonb_to_recordset(p_pairs) as p (old_record_id bigint, batch_id bigint, new_record_id bigint);
    end if;
end
$$;

comment on function members.swap_records(uuid, uuid, uuid, bigint[], jsonb) is
    'p_by: null = the system; p_archive: assigned records of the staff, locked; p_pairs: rows of members.pair_replacements for some or all of them (LD-14: one replacement, one replaced).';
revoke all on function members.swap_records(uuid, uuid, uuid, bigint[], jsonb) from public;
