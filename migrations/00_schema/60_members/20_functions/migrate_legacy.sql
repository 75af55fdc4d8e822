-- Brings in what the previous system left: repaired where the methods say how, refused with a reason where not.

create or replace function members.migrate_legacy(p_org_id uuid) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_repaired jsonb;
    v_ids text[];
    v_answer jsonb;
begin
    perform members.lock_reservations(p_org_id, true);
    v_repaired := members.repair_legacy(p_org_id);

    with verdicts as (select v.legacy_id, v.reason from members.legacy_verdicts(p_org_id) v),
    refused as (
        update members.legacy_records r
        set refused_reason = v.reason
        from verdicts v
        where r.org_id = p_org_id and r.legacy_id = v.legacy_id and v.reason is not null and r.refused_reason is distinct from v.reason
    )
    select coalesce(array_agg(v.legacy_id order by v.legacy_id), '{}') into v_ids from verdicts v where v.reason is null;

    v_answer := jsonb_build_object('repaired', v_repaired, 'databases', members.bring_legacy_databases(p_org_id));
    v_answer := v_answer || jsonb_build_object('batches', members.bring_legacy_batches(p_org_id, v_ids));
    v_answer := v_answer || jsonb_build_object('records', members.bring_legacy_records(p_org_id, v_ids));
    v_answer := v_answer || jsonb_build_object('replacements_linked', members.link_legacy_replacements(p_org_id));
    v_answer := v_answer || jsonb_build_object('reservations', members.bring_legacy_reservations(p_org_id));
    if (v_answer ->> 'records')::integer + (v_answer ->> 'reservations')::integer > 0 then
        perform app.emit_for(p_org_id, 'records.migrated', array['legacy'], members.reservation_tags() || array['batches', 'products']);
    end if;

    return v_answer || jsonb_build_object(
        'refused', (
            select coalesce(jsonb_agg(to_jsonb(x) order by x.kind, x.legacy_id), '[]')
            from (
                select 'record' as kind, r.legacy_id, r.refused_reason as reason
                from members.legacy_records r
                where r.org_id = p_org_id and r.record_id is null
                union all
                select 'reservation', r.legacy_id, r.refused_reason
                from members.legacy_reservations r
                where r.org_id = p_org_id and r.reservation_id is null
            ) x
        )
    );
end
$$;

comment on function members.migrate_legacy(uuid) is
    'Everything or nothing. Returns {repaired: members.repair_legacy, databases, batches, records, reservations, replacements_linked: how many came in now, refused: [{kind, legacy_id, reason}] of all that are not in}. A second run changes nothing; a row that was mended in its file and staged again is tried again (spec: member §5.11; issue: legacy).';
revoke all on function members.migrate_legacy(uuid) from public;
