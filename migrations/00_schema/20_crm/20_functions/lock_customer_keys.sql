-- Locks that keep two requests from making two customers of one company.

create or replace function crm.lock_customer_keys(p_org_id uuid, p_drafts crm.lead_draft[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Shared among single creates; a bulk chunk takes it alone and needs no key locks (decisions §3).
    perform pg_advisory_xact_lock_shared(hashtextextended('customers|' || p_org_id, 0));

    -- Sorted, so that two creates with overlapping keys wait and never deadlock.
    perform pg_advisory_xact_lock(h.lock_key)
    from (
        select distinct hashtextextended(concat_ws('|', 'customer_key', p_org_id, k.kind, k.key), 0) as lock_key
        from unnest(p_drafts) d
        cross join lateral (
            values ('npwp', d.npwp_key), ('email', d.email_key), ('phone', d.phone_key), ('company', d.company_key)
        ) as k (kind, key)
        where k.key is not null
        order by 1
    ) h;
end
$$;

comment on function crm.lock_customer_keys(uuid, crm.lead_draft[]) is
    'Takes the organisation''s customer lock shared and one lock per key of the drafts, until the transaction ends (spec: command_center §3.1, design §3).';
revoke all on function crm.lock_customer_keys(uuid, crm.lead_draft[]) from public;
