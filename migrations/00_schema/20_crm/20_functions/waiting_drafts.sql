-- Which drafts of a round must wait for earlier ones, so that a file ends as its rows would one at a time.

create or replace function crm.waiting_drafts(p_found crm.lead_match[], p_waiting bigint[]) returns bigint[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        with found as (
            select f.*, f.row_no = any (p_waiting) as is_waiting
            from unnest(p_found) f
        ),
        keyed as (
            select f.*, k.kind, k.key, k.key_strength
            from found f
            cross join lateral (
                values
                    ('npwp', f.npwp_key, 1), ('email', f.email_key, 2), ('phone', f.phone_key, 3), ('company', f.company_key, 4)
            ) as k (kind, key, key_strength)
            where k.key is not null
        ),
        -- Keys that customers will have when earlier drafts are written and do not have yet: all of a new customer's;
        -- the NPWP and the person that a matched one gets; and whatever a waiting draft has.
        brought as (
            select
                k.kind,
                k.key,
                k.is_waiting,
                case when not k.is_waiting then k.customer_id end as customer_id,
                case when not k.is_waiting then k.customer_created_at end as customer_created_at,
                min(k.row_no) as first_row,
                min(k.row_no) filter (where k.npwp_key is null) as first_row_without_npwp
            from keyed k
            where k.is_waiting
               or k.customer_id is null
               or (k.offers_npwp and k.kind = 'npwp')
               or (k.brings_contact and k.kind in ('email', 'phone'))
            group by 1, 2, 3, 4, 5
        ),
        waiting as (
            -- It shares a key with one of them that may lead it to another customer. Different NPWPs never meet.
            select k.row_no
            from keyed k
            join brought b on b.kind = k.kind and b.key = k.key
            where (
                k.key_strength < coalesce(k.strength, 5)
                or (
                    k.key_strength = k.strength
                    and (
                        b.is_waiting
                        or (b.customer_created_at, b.customer_id) < (k.customer_created_at, k.customer_id)
                    )
                )
              )
              and case
                  when k.kind = 'npwp' or k.npwp_key is null or (b.is_waiting and k.customer_id is null)
                      then b.first_row < k.row_no
                  else b.first_row_without_npwp < k.row_no
              end
            union
            -- What it brings would change what an earlier draft, which waits, finds.
            select k.row_no
            from keyed k
            join brought b on b.kind = k.kind and b.key = k.key and b.is_waiting
            where k.brings_contact
              and k.kind in ('email', 'phone')
              and case when k.npwp_key is null then b.first_row < k.row_no else b.first_row_without_npwp < k.row_no end
            union
            -- Its customer has no NPWP and is offered another one first, or may be by a draft that waits.
            select f.row_no
            from found f
            join (
                select o.customer_id, (array_agg(o.npwp_key order by o.row_no))[1] as npwp_key
                from found o
                where o.offers_npwp
                group by o.customer_id
            ) first_offer on first_offer.customer_id = f.customer_id
            left join (
                select min(w.row_no) as row_no from found w where w.is_waiting and w.npwp_key is not null
            ) first_waiting on true
            where f.offers_npwp
              and (f.npwp_key <> first_offer.npwp_key or first_waiting.row_no < f.row_no)
        )
        select coalesce(array_agg(w.row_no order by w.row_no), '{}') from waiting w
    );
end
$$;

comment on function crm.waiting_drafts(crm.lead_match[], bigint[]) is
    'p_found: what the keys of each draft find; drafts that share nothing with another may be left out; p_waiting: drafts known to wait. Returns all that wait, sorted; call again until it returns what it was given. The earliest draft never waits (spec: command_center §3.1, order of rows).';
revoke all on function crm.waiting_drafts(crm.lead_match[], bigint[]) from public;
