-- Patterns of everything in a text that would tell operations who the customer of a ticket is.

create or replace function desk.mask_patterns(
    p_org_id uuid,
    p_lead_id text,
    p_customer_id text,
    out free_pattern text,
    out whole_pattern text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with facts as materialized (
        select f.kind, f.fact, desk.words_of(f.fact) as words, regexp_replace(f.fact, '[^0-9]|^[^0-9]*(00|0|62)+', '', 'g') as digits
        from desk.customer_facts(p_org_id, p_lead_id, p_customer_id) f
    ),
    phrases (words) as (
        -- The whole of it; a name without the form of the company; what comes behind the @ of an address.
        select f.words from facts f where f.kind <> 'digits'
        union all
        select array(
            select w.word
            from unnest(f.words) with ordinality as w (word, position)
            where w.word <> all ('{pt,cv,ud,pd,fa,tbk,persero,perseroan,terbatas,ltd,limited,inc,llc,llp,pte,gmbh,ag,bv,corp,co,company,www}')
            order by w.position
        )
        from facts f
        where f.kind in ('company', 'exact')
        union all
        select desk.words_of(split_part(f.fact, '@', 2)) from facts f where f.kind = 'exact'
    ),
    parts (position, is_whole, pattern) as (
        -- Whatever stands between the words.
        select 1, true, array_to_string(p.words, '[^[:alnum:]]*')
        from phrases p
        where length(array_to_string(p.words, '')) >= 3
        union
        -- Numbers in any spelling, with or without what they begin with in this country or abroad.
        select 2, true, array_to_string(string_to_array(f.digits, null), '[^0-9[:alpha:]]{0,3}')
        from facts f
        where f.kind = 'digits' and length(f.digits) >= 5
        union
        -- Each telling word of a name; a short one only where it stands alone.
        select 3, false, case when length(w.word) < 5 then '(?<![[:alpha:]])' || w.word || '(?![[:alpha:]])' else w.word end
        from facts f
        cross join lateral unnest(f.words) as w (word)
        where f.kind in ('company', 'person', 'exact')
          and length(w.word) >= 3
          and w.word !~ '^[0-9]+$'
          and w.word <> all (
              '{and,dan,the,tbk,ltd,inc,llc,pte,gmbh,corp,persero,limited,company,group,indonesia,international,internasional,'
              'global,trading,jaya,com,net,org,www,http,https,mail,gmail,yahoo,hotmail,outlook,example,test,info,sales,contact}'
          )
        union
        -- Whatever else looks like an e-mail address, a telephone number or one of our ids of customers.
        select 4, false, g.pattern
        from (
            values
                ('[^\s@<>(),;:]+@[^\s@<>(),;:]+'),
                ('(?:\+|(?<![0-9])0|(?<![0-9])62)(?:[ ().-]*[0-9]){8,}'),
                ('(?:CUST|LEAD[A-Z]*|ACT|INV)[0-9]{10,}')
        ) as g (pattern)
    )
    select
        string_agg(p.pattern, '|' order by p.position, length(p.pattern) desc, p.pattern),
        string_agg(p.pattern, '|' order by p.position, length(p.pattern) desc, p.pattern) filter (where p.is_whole)
    from parts p
$$;

comment on function desk.mask_patterns(uuid, text, text) is
    'Regular expressions, to be used without regard to case. whole_pattern: names, addresses and numbers as wholes; free_pattern: also single words of names, and everything that looks like an address or number, for texts that anybody may have written anything into (spec: command_center §4, pitfall P13).';
revoke all on function desk.mask_patterns(uuid, text, text) from public;
