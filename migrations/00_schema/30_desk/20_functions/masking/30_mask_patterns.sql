-- Patterns of everything in a text that would tell operations who the customer of a ticket is.

create or replace function desk.mask_patterns(
    p_org_id uuid,
    p_lead_id text,
    p_customer_id text,
    p_texts text,
    p_places text,
    out free_patterns text[],
    out whole_patterns text[]
)
language plpgsql -- plans once in a session, not once for each ticket
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_texts text := desk.squeezed(p_texts);
    v_places text := desk.squeezed(p_places);
begin
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
    -- To make sense of a pattern takes longer than to use it: what stands nowhere is not looked for.
    wholes (kind, name, key, is_spaceless, pattern) as (
        -- Whatever stands between the words.
        select
            p.kind, n.name, q.key,
            -- Scripts whose words stand side by side.
            n.name ~ '[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]',
            array_to_string(p.words, '[^[:alnum:]]*')
        from phrases p
        cross join lateral (select array_to_string(p.words, '') as name) n
        cross join lateral (select desk.squeezed(n.name) as key) q
        where length(n.name) >= 2 and (v_texts is null or v_places is null or strpos(v_texts, q.key) > 0 or strpos(v_places, q.key) > 0)
    ),
    words (kind, word, key, is_spaceless) as (
        select f.kind, w.word, q.key, w.word ~ '[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]'
        from facts f
        cross join lateral unnest(f.words) as w (word)
        cross join lateral (select desk.squeezed(w.word) as key) q
        where f.kind in ('company', 'person', 'exact')
          and (v_texts is null or strpos(v_texts, q.key) > 0)
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
    parts (position, is_whole, minds_case, key, pattern) as (
        -- A short one only where it stands alone: its letters stand in many a word.
        select
            1, true, false, w.key,
            case
                when length(w.name) < 6 and not w.is_spaceless then '(?<![[:alnum:]])' || w.pattern || '(?![[:alnum:]])' else w.pattern
            end
        from wholes w
        where length(w.name) >= 3 or (length(w.name) = 2 and w.is_spaceless)
        union
        -- Numbers in any spelling, with or without what they begin with in this country or abroad.
        select 2, true, false, f.digits, array_to_string(string_to_array(f.digits, null), '[^0-9[:alpha:]]{0,3}')
        from facts f
        where f.kind = 'digits' and length(f.digits) >= 5
        union
        -- Each telling word of a name; a short one only where it stands alone.
        select
            3, false, false, w.key,
            case when length(w.word) < 5 and not w.is_spaceless then '(?<![[:alpha:]])' || w.word || '(?![[:alpha:]])' else w.word end
        from words w
        where length(w.word) >= 3 or (length(w.word) = 2 and w.is_spaceless)
        union
        select 4, w.kind = 'whole', true, w.key, desk.short_name(w.name)
        from (
            select 'whole' as kind, o.name, o.key, o.is_spaceless from wholes o where o.kind in ('company', 'person')
            union all
            select o.kind, o.word, o.key, o.is_spaceless from words o where o.kind in ('company', 'person')
        ) w
        where length(w.name) = 2 and not w.is_spaceless and w.name !~ '^[0-9]+$'
        union
        -- Whatever else looks like an e-mail address, a telephone number or one of our ids of customers.
        select 5, false, false, '', g.pattern
        from (
            values
                ('[^\s@<>(),;:]+@[^\s@<>(),;:]+'),
                ('(?:\+|(?<![0-9])0|(?<![0-9])62)(?:[ ().-]*[0-9]){8,}'),
                ('(?:CUST|LEAD[A-Z]*|ACT|INV)[0-9]{10,}')
        ) as g (pattern)
        where p_texts is null or p_texts ~* g.pattern
    ),
    needed (is_whole, minds_case, pattern, rank) as (
        select n.is_whole, p.minds_case, p.pattern, row_number() over (order by p.position, length(p.pattern) desc, p.pattern)
        from parts p
        cross join lateral (
            values (false, v_texts is null or strpos(v_texts, p.key) > 0),
                (true, p.is_whole and (v_places is null or strpos(v_places, p.key) > 0))
        ) as n (is_whole, is_needed)
        where n.is_needed
    )
    select
        array[
            string_agg(n.pattern, '|' order by n.rank) filter (where not n.is_whole and not n.minds_case),
            string_agg(n.pattern, '|' order by n.rank) filter (where not n.is_whole and n.minds_case)
        ],
        array[
            string_agg(n.pattern, '|' order by n.rank) filter (where n.is_whole and not n.minds_case),
            string_agg(n.pattern, '|' order by n.rank) filter (where n.is_whole and n.minds_case)
        ]
    into free_patterns, whole_patterns
    from needed n;
end
$$;

comment on function desk.mask_patterns(uuid, text, text, text, text) is
    'For desk.mask. whole_patterns, for p_places: names, addresses and numbers as wholes; free_patterns, for p_texts: also single words of names, and everything that looks like an address or number, for texts that anybody may have written anything into. Both are all that will be masked with them, in any order; null: anything may be (spec: command_center §4, pitfall P13).';
revoke all on function desk.mask_patterns(uuid, text, text, text, text) from public;
