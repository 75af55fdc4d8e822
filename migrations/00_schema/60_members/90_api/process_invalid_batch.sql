-- Archives the invalid records of a staff and replaces each by one of the same database, in the same batch.

create or replace function api.process_invalid_batch(
    p_staff_id uuid,
    p_module text default 'member_wd',
    p_replace boolean default true,
    p_batch_id bigint default null
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are archived and handed out by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object(
        'staff_id', p_staff_id, 'module', p_module, 'replace', p_replace, 'batch_id', p_batch_id
    );
    v_staff app.profiles;
    v_places members.record_place[];
    v_databases bigint[];
    v_invalid bigint[];
    v_pairs jsonb := '[]'::jsonb;
    v_details jsonb;
    v_archived integer;
    v_replaced integer;
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    perform members.check_module(p_module);
    v_answer := app.replay('process_invalid_batch', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_staff := members.take_staff('assign', p_staff_id);
    perform members.lock_reservations(v_org_id, false);

    v_places := array(
        select (r.record_id, r.database_id, r.batch_id)::members.record_place
        from members.records r
        where r.org_id = v_org_id
          and r.assigned_to = v_staff.user_id
          and r.module = p_module
          and r.status = 'assigned'
          and r.validation_status = 'invalid'
          and (p_batch_id is null or r.batch_id = p_batch_id)
        order by r.record_id
        for no key update
    );
    -- Those of a deleted database are gone for everybody; the others' stays until this is done.
    v_databases := array(
        select d.database_id
        from members.databases d
        where d.org_id = v_org_id and d.deleted_at is null
          and d.database_id = any (array(select distinct p.database_id from unnest(v_places) p))
        order by d.database_id
        for key share
    );
    v_places := array(select p from unnest(v_places) p where p.database_id = any (v_databases));
    v_invalid := array(select p.record_id from unnest(v_places) p);
    v_archived := cardinality(v_invalid);
    if v_archived = 0 then
        perform app.fail('PT404', 'records.none_invalid', 'This staff has no invalid records.', p_staff_id::text);
    end if;

    if p_replace then
        select coalesce(jsonb_agg(to_jsonb(p)), '[]') into v_pairs from members.pair_replacements(v_org_id, v_places) p;
    end if;
    v_replaced := jsonb_array_length(v_pairs);
    perform members.swap_records(v_org_id, v_staff.user_id, app.uid(), v_invalid, v_pairs);
    -- Some may be left in other batches: then a new alert says how many.
    perform members.alert_invalid(v_org_id, p_module, v_staff.user_id);

    select jsonb_agg(
        jsonb_build_object(
            'batch_id', g.batch_id, 'database_id', g.database_id, 'database_name', g.name, 'product_id', g.product_id,
            'product_name', g.product_name, 'invalid_count', g.invalid, 'replaced_count', g.replaced,
            'shortage', case when p_replace then g.invalid - g.replaced else 0 end
        )
        order by g.batch_id, g.database_id
    )
    into v_details
    from (
        select c.batch_id, c.database_id, d.name, d.product_id, coalesce(o.name, 'Unknown') as product_name, c.invalid, c.replaced
        from members.count_replaced(v_places, v_pairs) c
        join members.databases d on d.org_id = v_org_id and d.database_id = c.database_id
        left join members.products o on o.org_id = d.org_id and o.product_id = d.product_id
    ) g;

    if v_replaced > 0 then
        perform app.notify(
            array[v_staff.user_id], 'records.replaced', format('%s of your invalid records were replaced', v_replaced),
            'app.profiles', v_staff.user_id::text
        );
    end if;
    perform app.emit('records.processed', array[v_staff.user_id::text], array['records', 'batches', 'databases', 'notifications']);

    return app.remember(
        'process_invalid_batch',
        v_request,
        jsonb_build_object(
            'staff_id', v_staff.user_id,
            'archived_count', v_archived,
            'new_assigned_count', v_replaced,
            -- Reserved records of these databases, which were passed by.
            'skipped_reserved', case
                when p_replace then (
                    select coalesce(sum(c.excluded_count), 0)
                    from members.counts_of(array(select (d ->> 'database_id')::bigint from jsonb_array_elements(v_details) d)) c
                )
                else 0
            end,
            'shortage', case when p_replace then v_archived - v_replaced else 0 end,
            'message', case
                when not p_replace then format('%s records archived.', v_archived)
                when v_replaced < v_archived then format(
                    '%s records archived, %s replaced; %s could not be replaced: no eligible record is left.',
                    v_archived, v_replaced, v_archived - v_replaced
                )
                else format('%s records archived and replaced.', v_archived)
            end,
            'assignment_details', v_details
        )
    );
end
$$;

comment on function api.process_invalid_batch(uuid, text, boolean, bigint) is
    'p_staff_id: whose invalid records; p_replace: false = archive only; p_batch_id: null = of all batches. Returns {staff_id, archived_count, new_assigned_count, skipped_reserved, shortage, message, assignment_details: [{batch_id, database_id, database_name, product_id, product_name, invalid_count, replaced_count, shortage}]}. Raises PT403, PT404 staff.not_found, records.none_invalid, PT422 (spec: member §5.10, seed 000: 1 invalid = 1 replacement, same batch, same product; cases 92–95).';
revoke all on function api.process_invalid_batch(uuid, text, boolean, bigint) from public;
grant execute on function api.process_invalid_batch(uuid, text, boolean, bigint) to authenticated;
