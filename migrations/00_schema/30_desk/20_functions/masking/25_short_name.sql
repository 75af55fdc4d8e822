-- How a name of two letters is found in a text that has other words of two letters.

create or replace function desk.short_name(p_word text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    -- Standing alone, and not as the unit of a number. A word of every day is the name only where it has a capital.
    select '(?<![[:alnum:]])(?<![0-9][ .]?)(?:' || initcap(p_word) || '|' || upper(p_word)
        || case
            when p_word = any (
                '{ad,am,an,as,at,be,by,do,go,he,hi,if,in,is,it,me,my,no,of,oh,ok,on,or,so,to,up,us,we,di,ke,ku,mu,si,ya,yg,dg,jl,rp,id}'
            ) then ''
            else '|' || p_word
        end
        || ')(?![[:alnum:]])'
    where p_word <> all ('{pt,cv,ud,pd,fa,ag,bv,co,mr,ms,dr,ir,hj,bu,jr,sr}')
$$;

comment on function desk.short_name(text) is
    'A regular expression that minds the case, for a word of two letters in lower case; null for titles and forms of companies, which name nobody (pitfall P13).';
revoke all on function desk.short_name(text) from public;
