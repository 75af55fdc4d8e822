-- Says of replacements of the previous system which one record each of them replaced.

create or replace function members.link_legacy_replacements(p_org_id uuid) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_linked integer;
begin
    -- It linked each replacement to all that were replaced with it (LD-14): the first takes the first, and so on.
    with replacements as (
        select
            n.org_id, n.module, n.database_id, n.staff_id, n.batch_no, n.assignment_id, l.replaced_invalid_ids,
            row_number() over (
                partition by n.module, n.database_id, n.staff_id, n.batch_no, l.replaced_invalid_ids order by l.legacy_id
            ) as position
        from members.legacy_records l
        join members.assignments n on n.org_id = l.org_id and n.record_id = l.record_id
        where l.org_id = p_org_id and n.is_replacement and n.replaces_assignment_id is null and l.replaced_invalid_ids <> '{}'
    ),
    replaced as (
        select distinct
            o.module, o.database_id, o.staff_id, o.batch_no, r.replaced_invalid_ids, i.position as place, o.assignment_id
        from (select distinct r.replaced_invalid_ids from replacements r) r
        cross join lateral unnest(r.replaced_invalid_ids) with ordinality as i (id, position)
        join members.legacy_records l on l.org_id = p_org_id and l.legacy_id = i.id
        join members.assignments o on o.org_id = l.org_id and o.record_id = l.record_id and o.outcome = 'archived'
        where not exists (
            select
            from members.assignments x
            where x.org_id = o.org_id and x.module = o.module and x.database_id = o.database_id and x.staff_id = o.staff_id
              and x.batch_no = o.batch_no and x.replaces_assignment_id = o.assignment_id
        )
    ),
    numbered as (
        select
            r.*,
            row_number() over (
                partition by r.module, r.database_id, r.staff_id, r.batch_no, r.replaced_invalid_ids order by r.place
            ) as position
        from replaced r
    ),
    pairs as (
        -- An archived record that several lists name is replaced once.
        select distinct on (o.assignment_id) n.assignment_id, o.assignment_id as replaces
        from replacements n
        join numbered o
            on o.module = n.module and o.database_id = n.database_id and o.staff_id = n.staff_id and o.batch_no = n.batch_no
            and o.replaced_invalid_ids = n.replaced_invalid_ids and o.position = n.position
        where o.assignment_id <> n.assignment_id
        order by o.assignment_id, n.assignment_id
    )
    update members.assignments a
    set replaces_assignment_id = p.replaces
    from pairs p
    where a.org_id = p_org_id and a.assignment_id = p.assignment_id;
    get diagnostics v_linked = row_count;
    return v_linked;
end
$$;

comment on function members.link_legacy_replacements(uuid) is
    'Returns how many were linked, each to one archived record of its own batch; a replacement that finds none stays one, of nobody knows what (spec: member §5.10, LD-14).';
revoke all on function members.link_legacy_replacements(uuid) from public;
