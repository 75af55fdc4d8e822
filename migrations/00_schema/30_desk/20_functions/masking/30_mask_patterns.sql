-- Patterns of everything in a text that would tell operations who the customer of a ticket is.

create or replace function desk.mask_patterns(
    p_org_id uuid,
    p_lead_id text,
    p_customer_id text,
    out free_patterns text[],
    out whole_patterns text[]
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with facts as materialized (
        select f.kind, f.fact, desk.words_of(f.fact) as words, regexp_replace(f.fact, '[^0-9]|^[^0-9]*(00|0|62)+', '', 'g') as digits
        from desk.customer_facts(p_org_id, p_lead_id, p_customer_id) f
    ),
    phrases (kind, words) as (
        -- The whole of it; a name without the form of the company; what comes behind the @ of an address.
        select f.kind, f.words from facts f where f.kind <> 'digits'
        union all
        select f.kind, array(
            select w.word
            from unnest(f.words) with ordinality as w (word, position)
            where w.word <> all ('{pt,cv,ud,pd,fa,tbk,persero,perseroan,terbatas,ltd,limited,inc,llc,llp,pte,gmbh,ag,bv,corp,co,company,www}')
            order by w.position
        )
        from facts f
        where f.kind in ('company', 'exact')
        union all
        select f.kind, desk.words_of(split_part(f.fact, '@', 2)) from facts f where f.kind = 'exact'
    ),
    wholes (kind, name, is_spaceless, pattern) as (
        -- Whatever stands between the words.
        select
            p.kind, n.name,
            -- Scripts whose words stand side by side.
            n.name ~ '[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]',
            array_to_string(p.words, '[^[:alnum:]]*')
        from phrases p
        cross join lateral (select array_to_string(p.words, '') as name) n
    ),
    words (kind, word, is_spaceless) as (
        select f.kind, w.word, w.word ~ '[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]'
        from facts f
        cross join lateral unnest(f.words) as w (word)
        where f.kind in ('company', 'person', 'exact')
          and w.word !~ '^[0-9]+$'
          and w.word <> all ('{and,dan,the,tbk,com,net,org,www,http,https,mail,info,sales,contact,pak,ibu,bpk,mrs}')
          -- Words that stand in many a company's name, and are nobody's.
          and (
              f.kind = 'person'
              or w.word <> all (
                  '{ltd,inc,llc,pte,gmbh,corp,persero,limited,company,group,indonesia,international,internasional,'
                  'global,trading,jaya,gmail,yahoo,hotmail,outlook,example,test}'
              )
          )
    ),
    parts (position, is_whole, minds_case, pattern) as (
        -- A short one only where it stands alone: its letters stand in many a word.
        select
            1, true, false,
            case
                when length(w.name) < 6 and not w.is_spaceless then '(?<![[:alnum:]])' || w.pattern || '(?![[:alnum:]])' else w.pattern
            end
        from wholes w
        where length(w.name) >= 3 or (length(w.name) = 2 and w.is_spaceless)
        union
        -- Numbers in any spelling, with or without what they begin with in this country or abroad.
        select 2, true, false, array_to_string(string_to_array(f.digits, null), '[^0-9[:alpha:]]{0,3}')
        from facts f
        where f.kind = 'digits' and length(f.digits) >= 5
        union
        -- Each telling word of a name; a short one only where it stands alone.
        select
            3, false, false,
            case when length(w.word) < 5 and not w.is_spaceless then '(?<![[:alpha:]])' || w.word || '(?![[:alpha:]])' else w.word end
        from words w
        where length(w.word) >= 3 or (length(w.word) = 2 and w.is_spaceless)
        union
        select 4, w.kind = 'whole', true, desk.short_name(w.name)
        from (
            select 'whole' as kind, o.name, o.is_spaceless from wholes o where o.kind in ('company', 'person')
            union all
            select o.kind, o.word, o.is_spaceless from words o where o.kind in ('company', 'person')
        ) w
        where length(w.name) = 2 and not w.is_spaceless and w.name !~ '^[0-9]+$'
        union
        -- Whatever else looks like an e-mail address, a telephone number or one of our ids of customers.
        select 5, false, false, g.pattern
        from (
            values
                ('[^\s@<>(),;:]+@[^\s@<>(),;:]+'),
                ('(?:\+|(?<![0-9])0|(?<![0-9])62)(?:[ ().-]*[0-9]){8,}'),
                ('(?:CUST|LEAD[A-Z]*|ACT|INV)[0-9]{10,}')
        ) as g (pattern)
    )
    select
        array[
            string_agg(p.pattern, '|' order by p.position, length(p.pattern) desc, p.pattern) filter (where not p.minds_case),
            string_agg(p.pattern, '|' order by p.pattern) filter (where p.minds_case)
        ],
        array[
            string_agg(p.pattern, '|' order by p.position, length(p.pattern) desc, p.pattern) filter (where p.is_whole and not p.minds_case),
            string_agg(p.pattern, '|' order by p.pattern) filter (where p.is_whole and p.minds_case)
        ]
    from parts p
$$;

comment on function desk.mask_patterns(uuid, text, text) is
    'For desk.mask. whole_patterns: names, addresses and numbers as wholes; free_patterns: also single words of names, and everything that looks like an address or number, for texts that anybody may have written anything into (spec: command_center §4, pitfall P13).';
revoke all on function desk.mask_patterns(uuid, text, text) from public;
