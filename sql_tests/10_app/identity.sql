-- Who is asking: nobody without identity, nobody else by forging one, and changes that count at once.

begin;
select plan(36);

-- Relations of ours in which the caller finds a row; what is denied shows none.
create function pg_temp.relations_with_rows() returns setof text
language plpgsql
as $$
declare
    v_relation text;
    v_found boolean;
begin
    for v_relation in
        select c.oid::regclass::text
        from pg_class c
        where c.relnamespace in ('app'::regnamespace, 'crm'::regnamespace, 'desk'::regnamespace, 'ingest'::regnamespace, 'api'::regnamespace)
          and c.relkind in ('r', 'v', 'm', 'p')
        order by 1
    loop
        begin
            execute 'select exists (select from ' || v_relation || ')' into v_found;
            if v_found then
                return next v_relation;
            end if;
        exception
            when insufficient_privilege then null;
        end;
    end loop;
end
$$;

-- Views of `api` that cannot be read without an error.
create function pg_temp.broken_views() returns setof text
language plpgsql
as $$
declare
    v_view text;
begin
    for v_view in
        select c.oid::regclass::text from pg_class c where c.relnamespace = 'api'::regnamespace and c.relkind = 'v' order by 1
    loop
        begin
            execute 'select count(*) from ' || v_view;
        exception
            when others then return next v_view || ': ' || sqlerrm;
        end;
    end loop;
end
$$;

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF', 'primary_channel', 'SEM',
        'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;

select tests.become('sp1@alpha.test');
select isnt(api.crm_create_lead_bundle(pg_temp.lead('PT Of Sp1')), null, 'sp1 has a lead');
select tests.become('sp2@alpha.test');
select isnt(api.crm_create_lead_bundle(pg_temp.lead('PT Of Sp2')), null, 'sp2 has another one');

-- No identity, no rows

select tests.become_nobody();
select is(auth.uid(), null, 'case 11: without claims auth.uid() is null');
select is_empty('select pg_temp.relations_with_rows()', 'case 11: whoever has not entered finds no row anywhere');
select is(
    tests.error_of($$ select api.crm_create_lead_bundle(pg_temp.lead('PT Nobody')) $$), 'PT401 auth.required',
    'case 11: and writes none'
);
select is(
    tests.error_of('select api.crm_list_leads()'), 'PT401 auth.required', 'case 11: nor do functions answer'
);
select set_config('request.jwt.claims', c.claims, true) from (values ('')) as c (claims);
select is(app.uid(), null, 'case 11: empty claims are nobody');
select set_config('request.jwt.claims', '{not json', true);
select is(app.uid(), null, 'case 11: malformed claims are nobody');
select set_config('request.jwt.claims', '{"sub": "not a uuid"}', true);
select is(app.uid(), null, 'case 11: claims without a uuid are nobody');
select set_config('request.jwt.claims', '{"sub": "a0000000-0000-4000-8000-00000000ffff"}', true);
select is_empty('select pg_temp.relations_with_rows()', 'case 11: claims of a stranger show nothing');

-- PostgREST and Storage carry the person in the claims

select set_config('request.jwt.claims', jsonb_build_object('sub', tap.uid('sp1@alpha.test'))::text, true);
select results_eq(
    'select company_name from api.leads', array['PT Of Sp1'], 'where nobody entered, a gateway''s verified claims say who it is'
);
select set_config('request.jwt.claims', '', true);

select tests.become_anonymous();
select is_empty('select pg_temp.relations_with_rows()', 'case 11: anon sees nothing');
select throws_ok(
    $$ select api.crm_create_lead_bundle('{}') $$, '42501', null, 'case 32: anon may not call the lead bundle'
);
reset role;

-- A log-in of its own is its person, whatever it sets (case 143)

select tests.become_analyst('sp1@alpha.test');
select results_eq('select company_name from api.leads', array['PT Of Sp1'], 'an analyst sees what the person sees');
select results_eq('select email from api.profiles', array['sp1@alpha.test'], 'and is the person');
select set_config(s.name, s.value, true)
from (values
    ('request.jwt.claims', jsonb_build_object('sub', tap.uid('sa@alpha.test'), 'role', 'service_role')::text),
    ('request.jwt.claim.sub', tap.uid('sa@alpha.test')::text),
    ('pgcrm.uid', tap.uid('sa@alpha.test')::text),
    ('pgcrm.org_id', 'b0000000-0000-4000-8000-000000000000'),
    ('pgcrm.role_key', 'super_admin'),
    ('pgcrm.dept_code', 'DIR'),
    ('pgcrm.team_ids', array[tap.uid('sp1@alpha.test'), tap.uid('sp2@alpha.test')]::text),
    ('pgcrm.permissions', ' leads:select:all customers:select:all profiles:select:all audit_logs:select:all ')
) as s (name, value);
select results_eq(
    'select company_name from api.leads', array['PT Of Sp1'], 'case 143, P3: forged claims and settings show an analyst nothing more'
);
select results_eq('select email from api.profiles', array['sp1@alpha.test'], 'case 143, P3: nor make them somebody else');
select is_empty('select from api.audit_logs', 'case 143, P3: nor open the audit trail');
select is(tests.error_of(a.statement), a.error, 'case 143, P3: an analyst cannot ' || a.what)
from (values
    ('set local role authenticated', '42501', 'become authenticated'),
    ('set local role pgcrm_owner', '42501', 'become the owner'),
    (format('select app.enter(%L)', tap.uid('sa@alpha.test')), '42501', 'enter as somebody else'),
    ('update crm.leads set notes = ''x''', '42501', 'write'),
    ('create temporary table t ()', '42501', 'make temporary tables'),
    ('create domain pg_temp.text as pg_catalog.text', '42501', 'make types that shadow ours')
) as a (statement, error, what);
reset session authorization;

-- Who may enter

select tests.become_owner();
update app.profiles set is_active = false where email in ('sp1@alpha.test', 'dgo@alpha.test');
update app.organizations set is_active = false where slug = 'gamma';
reset role;
select is(
    tests.error_of(format('select app.enter(%L)', p.user_id)), 'PT401 auth.unknown_user', p.who || ' cannot enter'
)
from (values
    (tap.uid('dgo@alpha.test'), 'an inactive person'),
    (tap.uid('mm@gamma.test'), 'a person of an inactive organisation'),
    ('a0000000-0000-4000-8000-00000000ffff'::uuid, 'somebody unknown'),
    (null::uuid, 'nobody')
) as p (user_id, who);
select tests.become_analyst('sp1@alpha.test');
select is_empty('select pg_temp.relations_with_rows()', 'an analyst whose person is deactivated sees nothing, at once');
reset session authorization;

-- Changed roles count at once

select tests.become('mc@alpha.test');
select isnt(api.crm_create_lead_bundle(pg_temp.lead('PT Of Mc')), null, 'mc creates a lead');
select results_eq(
    $$ with u as (update crm.leads set notes = 'mine' returning company_name) select * from u $$,
    array['PT Of Mc'],
    'and may change it'
);
select tests.become_owner();
update app.profiles set role_key = 'director', dept_code = 'DIR' where email = 'mc@alpha.test';
select tests.become('mc@alpha.test');
select is_empty(
    $$ with u as (update crm.leads set notes = 'still?' returning 1) select * from u $$,
    'case 145: made Director, she changes none of the rows she created'
);
select is(
    tests.error_of($$ select api.crm_create_lead_bundle(pg_temp.lead('PT Director')) $$), 'PT403 permission.denied',
    'case 145: nor creates any'
);
select results_eq(
    'select company_name from api.leads order by 1', array['PT Of Mc', 'PT Of Sp1', 'PT Of Sp2'],
    'case 145: and reads everything'
);

-- Policies read profiles through functions: no recursion, for nobody

reset role;
create temporary table seen (email text, problem text);
grant all on seen to public;
do $$
declare
    v_email text;
begin
    for v_email in
        select p.email from app.profiles p where p.is_active and p.email like '%@beta.test' order by 1
    loop
        perform tests.become(v_email);
        insert into seen select v_email, b.problem from pg_temp.broken_views() as b (problem);
        insert into seen values (v_email, null);
    end loop;
    reset role;
end
$$;
select results_eq(
    'select count(distinct email)::integer from seen', array[22], 'P1: people of all eighteen roles have looked at every view'
);
select is_empty('select * from seen where problem is not null', 'P1: and none of them met an error');

select * from finish();
rollback;
