-- Replaces records that were just found invalid, as far as quota and supply go; the rest waits for an admin.

create or replace function members.auto_replace(p_org_id uuid, p_module text, p_staff_id uuid, p_record_ids bigint[]) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_quota integer := (members.replace_settings(p_module) ->> 'max_replacements_per_batch')::integer;
    v_places members.record_place[];
    v_within members.record_place[];
    v_pairs jsonb;
begin
    -- Two calls for one staff at once would count the same quota (decisions D-9: all replacements made in the batch count).
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'auto_replace', p_org_id, p_module, p_staff_id), 0));

    v_places := array(
        select (r.record_id, r.database_id, r.batch_id)::members.record_place
        from members.records r
        where r.org_id = p_org_id and r.record_id = any (p_record_ids)
    );
    with wanted as (
        select p as place, p.database_id, p.batch_id, row_number() over (partition by p.database_id, p.batch_id order by p.record_id) as position
        from unnest(v_places) p
    ),
    used as (
        select
            g.database_id, g.batch_id,
            (
                select count(*)
                from members.assignments a
                where a.org_id = p_org_id and a.module = p_module and a.database_id = g.database_id
                  and a.staff_id = p_staff_id and a.batch_no = coalesce(g.batch_id, 0) and a.is_replacement
            ) as replaced
        from (select distinct w.database_id, w.batch_id from wanted w) g
    )
    select coalesce(array_agg(w.place), '{}')
    into v_within
    from wanted w
    join used u on u.database_id = w.database_id and u.batch_id is not distinct from w.batch_id
    where u.replaced + w.position <= v_quota;

    select coalesce(jsonb_agg(to_jsonb(p)), '[]') into v_pairs from members.pair_replacements(p_org_id, v_within) p;
    perform members.swap_records(
        p_org_id, p_staff_id, null, array(select (p ->> 'old_record_id')::bigint from jsonb_array_elements(v_pairs) p), v_pairs
    );

    return (
        select jsonb_agg(
            jsonb_build_object(
                'batch_id', g.batch_id, 'database_id', g.database_id, 'database_name', d.name, 'invalid_count', g.invalid,
                'replaced_count', g.replaced,
                'reason', case
                    when g.replaced = g.invalid then null
                    when g.replaced < g.within then 'none available'
                    else 'limit reached'
                end
            )
            order by g.batch_id, g.database_id
        )
        from (
            select c.database_id, c.batch_id, c.invalid, c.replaced, coalesce(w.invalid, 0) as within
            from members.count_replaced(v_places, v_pairs) c
            left join members.count_replaced(v_within, '[]') w
                on w.database_id = c.database_id and w.batch_id is not distinct from c.batch_id
        ) g
        join members.databases d on d.org_id = p_org_id and d.database_id = g.database_id
    );
end
$$;

comment on function members.auto_replace(uuid, text, uuid, bigint[]) is
    'p_record_ids: records of the staff just marked invalid, locked; callers hold members.lock_reservations. Archives exactly those that it replaces. Returns [{batch_id, database_id, database_name, invalid_count, replaced_count, reason}], reason null, ''limit reached'' or ''none available'' (spec: member §5.10 auto-replace, LD-13; bonanza by database, §5.16).';
revoke all on function members.auto_replace(uuid, text, uuid, bigint[]) from public;
