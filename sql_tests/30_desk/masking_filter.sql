-- What stands in no text is not looked for, and nothing is masked less for it (pitfall P13).

begin;
select plan(6);

insert into crm.customers (org_id, customer_id, company_name, legal_name, email, phone, website, npwp)
values (
    'a0000000-0000-4000-8000-000000000000', 'CUST0101310001', 'PT Größe & Söhne ſtern Tbk', 'İstanbul Kargo ıssız', 'µail@kilau-an.example',
    '+62 812-9999-7771', 'https://www.ΟΔΟΣ.example', '01.234.567.8-901.000'
);
insert into crm.contacts (org_id, customer_id, full_name, first_name, last_name, email, mobile, is_primary)
values
    ('a0000000-0000-4000-8000-000000000000', 'CUST0101310001', 'Budi O''Neil-Santoso', 'Budi', 'Ng', 'b.n@mail.example', '0813 11 22 33', true),
    ('a0000000-0000-4000-8000-000000000000', 'CUST0101310001', '山田 太郎', '太郎', '山田', null, null, false),
    ('a0000000-0000-4000-8000-000000000000', 'CUST0101310001', 'Ali ™ Á', 'Ali', 'Á', null, '٠٨١٢٣٤٥٦', false);

create temporary table texts (body text) on commit drop;
insert into texts values
    ('Tariff for PT Größe & Söhne ſtern Tbk'), ('GRÖSSE UND SÖHNE'), ('grÖße&sÖhne'), ('größe_söhne STERN ſTERN stern'),
    ('İSTANBUL kargo, istanbul KARGO, ISSIZ ıssız'), ('µail@kilau-an.example, ΜAIL@KILAU-AN.EXAMPLE, kilau.an'), ('ΟΔΟΣ οδος οδοσ www.ΟΔΟΣ.example'),
    ('0812 9999 7771, (62)81299997771, 8.1.2-9999-7-7-7-1, 8٠1٠2٠9999٠7771'), ('NPWP 012345678901000, 1 2345 6789 0100 0'), ('١٢٣٤٥٦٧٨٩٠١٠٠٠'),
    ('BUDI oneil santoso; O’Neil–Santoso; budi' || chr(10) || 'o''neil'), ('Ng and NG and ng, 12 ng'), ('山田太郎さん、山田 太郎'), ('ali ™ á ALI Á A'),
    ('other@mail.example 0219998887 CUST0101310001 cust0101310001 LEADSEM0101310001'), ('Twelve boxes of furniture, 0.5 x 1.25 m'), (''), (null);

create function pg_temp.masked(p_body text, p_texts text, p_places text) returns text[]
language sql
as $$
    select array[desk.mask(p_body, m.free_patterns), desk.mask(p_body, m.whole_patterns)]
    from desk.mask_patterns('a0000000-0000-4000-8000-000000000000', null, 'CUST0101310001', p_texts, p_places) m
$$;
select is_empty(
    $$ select t.body from texts t where pg_temp.masked(t.body, t.body, t.body) is distinct from pg_temp.masked(t.body, null, null) $$,
    'each by itself is masked as if everything were looked for'
);
select is_empty(
    $$
        select t.body
        from texts t
        cross join (select string_agg(a.body, ' ') as body from texts a) a
        where pg_temp.masked(t.body, a.body, a.body) is distinct from pg_temp.masked(t.body, null, null)
    $$,
    'and among others'
);
select isnt_empty(
    $$ select from texts t where pg_temp.masked(t.body, null, null) is distinct from array[t.body, t.body] $$, 'in which something is masked'
);
select results_eq(
    $$ select m.* from desk.mask_patterns('a0000000-0000-4000-8000-000000000000', null, 'CUST0101310001', 'Twelve boxes', 'Jakarta') m $$,
    $$ values (array[null, null]::text[], array[null, null]::text[]) $$, 'for a text that names nobody there is nothing to look for'
);
select is(
    (
        select m.whole_patterns[1]
        from desk.mask_patterns('a0000000-0000-4000-8000-000000000000', null, 'CUST0101310001', 'Budi', 'Jakarta') m
    ),
    null, 'a city is not searched for what a description has'
);
select is(desk.squeezed('O’Neil–Söhne 7·1'), 'ONEILSÖHNE71', 'letters and digits, whatever stands between');

select * from finish();
rollback;
