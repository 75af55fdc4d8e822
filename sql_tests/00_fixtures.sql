-- People whom every test knows, and what pgTAP files need beside pgTAP itself. Run once, as superuser, on a migrated
-- database that has pgTAP in schema `tap`; changes nothing when it was run before.
--
-- Three organisations of the same cast. Ids can be read: organisation a…, b… or c…, person by number. Everybody's
-- password is `correct horse`. There are no business rows: each test makes its own and rolls back.

create or replace function tap.uid(p_email text) returns uuid
language sql
stable
security definer -- whoever a test impersonates may name anybody
set search_path = pg_catalog, pg_temp
as $$
    select p.user_id from app.profiles p where p.email = p_email
$$;

comment on function tap.uid(text) is 'User id of the fixture with this e-mail; null for none.';

do $$
begin
    if exists (select from app.organizations o where o.slug = 'alpha') then
        return;
    end if;

    perform app.create_organization(initcap(o.slug), o.slug, (o.letter || '0000000-0000-4000-8000-000000000000')::uuid)
    from (values ('a', 'alpha'), ('b', 'beta'), ('c', 'gamma')) as o (letter, slug);

    perform app.create_profile(
        (o.letter || '0000000-0000-4000-8000-000000000000')::uuid,
        c.name || '@' || o.slug || '.test',
        upper(c.name) || ' ' || initcap(o.slug),
        c.role_key,
        c.dept_code,
        (o.letter || '0000000-0000-4000-8000-0000000000' || c.manager)::uuid,
        (o.letter || '0000000-0000-4000-8000-0000000000' || c.number)::uuid
    )
    from (values ('a', 'alpha'), ('b', 'beta'), ('c', 'gamma')) as o (letter, slug)
    cross join (
        values
            ('01', 'dir',  'director',          'DIR', null),
            ('02', 'sa',   'super_admin',       'DIR', null),
            ('03', 'mm',   'marketing_manager', 'MKT', null),
            ('04', 'mc',   'marcomm',           'MKT', '03'),
            ('05', 'dgo',  'dgo',               'MKT', '03'),
            ('06', 'macx', 'macx',              'MKT', '03'),
            ('07', 'vsdo', 'vsdo',              'MKT', '03'),
            ('08', 'sm',   'sales_manager',     'SAL', null),
            ('09', 'sp1',  'salesperson',       'SAL', '08'),
            ('10', 'sp2',  'salesperson',       'SAL', '08'),
            ('11', 'sm2',  'sales_manager',     'SAL', null),
            ('12', 'sp3',  'salesperson',       'SAL', '11'),
            ('13', 'ss',   'sales_support',     'SAL', null),
            ('14', 'exi',  'exim_ops',          'EXI', null),
            ('15', 'dom',  'domestics_ops',     'DOM', null),
            ('16', 'dtd',  'import_dtd_ops',    'DTD', null),
            ('17', 'trf',  'traffic_warehouse', 'TRF', null),
            ('18', 'fin',  'finance',           'FIN', null),
            ('19', 'adm',  'admin',             'SAL', null),
            ('20', 'stf',  'staff',             'SAL', '19'),
            ('21', 'mad',  'master_admin',      'DIR', null),
            ('22', 'stf2', 'staff',             'SAL', null)
    ) as c (number, name, role_key, dept_code, manager)
    order by o.letter, c.number;

    -- One hash for all: making it takes longer than everything else here.
    perform app.set_password(
        p.user_id, '$argon2id$v=19$m=47104,t=1,p=1$LnEw8c/4adW8nRerLwVTdQ$y+OiMasicHyqd2Lnb55/IMTcoweWTb8dMNp5p+u7+MQ'
    )
    from app.profiles p;
end
$$;

-- A test calls these again while it is somebody else already.
grant usage on schema tap to public;
grant usage on schema tests to authenticated, analyst, anon;
grant execute on function
    tests.become(text, jsonb), tests.become_nobody(), tests.become_anonymous(), tests.become_owner(),
    tests.forget(), tests.error_of(text), tests.faults_of(text)
to authenticated;
grant execute on function tests.error_of(text), tests.faults_of(text) to analyst;
