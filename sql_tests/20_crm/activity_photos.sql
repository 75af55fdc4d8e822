-- Photos of visits: uploaded first, then named by the activity that they prove; seen with it, used once.

begin;
select plan(30);

create temporary table made (name text, id bigint, lead_id text, prospect_id text);
grant all on made to public;
create function pg_temp.photo(p_who text, p_name text) returns jsonb
language plpgsql
as $$
declare
    v_answer jsonb;
begin
    perform tests.become(p_who || '@alpha.test');
    v_answer := api.crm_add_photo(p_name || '.jpg', 'image/jpeg', 12345, repeat('ab', 32), 'prospect-evidence', format('%s/%s.jpg', app.uid(), p_name));
    insert into made (name, id) values (p_name, (v_answer ->> 'photo_id')::bigint);
    return v_answer;
end
$$;
create function pg_temp.id(p_name text) returns bigint
language sql
as $$
    select m.id from made m where m.name = p_name
$$;
create function pg_temp.visit(p_more jsonb) returns jsonb
language sql
as $$
    select jsonb_build_object('prospect_id', m.prospect_id, 'activity_type', 'Visit', 'notes', 'n', 'gps_lat', -6.2, 'gps_lng', 106.8) || p_more
    from made m
    where m.name = 'one'
$$;
create function pg_temp.error_as(p_who text, p_body jsonb) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select api.crm_log_activity(%L)', p_who || '@alpha.test', p_body))
$$;

select tests.become('mm@alpha.test');
insert into made (name, lead_id, prospect_id)
select 'one', a ->> 'lead_id', a ->> 'prospect_id'
from api.crm_create_lead_bundle(jsonb_build_object(
    'company_name', 'PT One', 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF', 'primary_channel', 'SEM',
    'contact_phone', '0812-300-400', 'email', 'pic@one.example', 'sales_owner_user_id', tap.uid('sp1@alpha.test')
)) a;

-- Who adds one

reset role;
select is(
    tests.error_of(format(
        $$ select tests.become(%L); select api.crm_add_photo('a.jpg', 'image/jpeg', 1, repeat('ab', 32), 'prospect-evidence', app.uid() || '/a.jpg') $$,
        w.who || '@alpha.test'
    )),
    'PT403 permission.denied', w.who || ' has nothing to prove'
)
from (values ('dir'), ('mm'), ('mc'), ('fin'), ('exi')) as w (who);
select matches(pg_temp.photo('sp1', 'front')::text, '"file_name": "front.jpg"', 'a salesperson adds a photo');
select tests.become('sp1@alpha.test');
select is(
    tests.faults_of(format($$ select api.crm_add_photo('a.jpg', %L, 1, repeat('ab', 32), %L, %L) $$, f.mime_type, f.bucket, f.path)), array[f.fault], f.why
)
from (
    values
        ('image/jpeg', 'prospect-evidence', tap.uid('sp2@alpha.test') || '/a.jpg', 'file activity.photo.path', 'P36: not in another''s folder'),
        ('image/jpeg', 'kpi-evidence', tap.uid('sp1@alpha.test') || '/a.jpg', 'file activity.photo.path', 'P36: nor in another bucket'),
        ('text/csv', 'prospect-evidence', tap.uid('sp1@alpha.test') || '/a.jpg', 'file activity.photo.type', 'nor what is no picture')
) as f (mime_type, bucket, path, fault, why);
select results_eq(
    'select p.photo_id, p.activity_id, p.file_name from api.activity_photos p', $$ values (pg_temp.id('front'), null::bigint, 'front.jpg') $$,
    'until it proves something it is its uploader''s'
);
select is((api.app_get_file(p.file_id) ->> 'bucket'), 'prospect-evidence', 'who gets it back') from api.activity_photos p;
reset role;
select tests.become('sm@alpha.test');
select is_empty('select from api.activity_photos', 'and nobody else''s');
reset role;

-- What it proves (case 53, decisions §1.4)

select pg_temp.photo('sp2', 'foreign');
reset role;
select tests.become('sp1@alpha.test');
select is(
    tests.faults_of(format('select api.crm_log_activity(%L)', pg_temp.visit('{}'))),
    array['evidence_photo_url activity.evidence_photo_url.required'], 'case 53: a visit without a photo is refused'
);
select is(
    tests.faults_of(format('select api.crm_log_activity(%L)', pg_temp.visit(jsonb_build_object('photo_id', f.id)))), array['photo_id activity.photo_id.unknown'], f.why
)
from (values (pg_temp.id('foreign'), 'with another''s photo, too'), (999999999, 'and with one that is not there')) as f (id, why);
select is(
    tests.faults_of(format('select api.crm_log_activity(%L)', pg_temp.visit(jsonb_build_object('photo_id', pg_temp.id('front'), 'evidence_photo_url', 'https://photos.example/p.jpg')))),
    array['photo_id activity.photo_id.one'], 'a photo is named once'
);
select is(
    (select l ->> 'evidence_photo_url' from api.crm_log_activity(pg_temp.visit(jsonb_build_object('photo_id', pg_temp.id('front')))) l),
    (select '/api/files/' || p.file_id from api.activity_photos p where p.photo_id = pg_temp.id('front')),
    'case 53: with one''s own it is accepted, and says where the photo is'
);
select results_eq(
    'select p.activity_id from api.activity_photos p', $$ select a.activity_id from api.activities a where a.activity_type = 'visit' $$, 'which it proves from now on'
);
select is(
    tests.error_of(format('select api.crm_log_activity(%L)', pg_temp.visit(jsonb_build_object('photo_id', pg_temp.id('front'))))),
    'PT409 activity.photo.used', 'one photo proves one visit'
);
reset role;
select tests.become(w.who || '@alpha.test') from (values ('sm')) as w (who);
select is((api.app_get_file(p.file_id) ->> 'file_name'), 'front.jpg', 'whoever sees the visit sees its photo') from api.activity_photos p;
reset role;
select is(
    tests.error_of(format(
        'select tests.become(%L); select api.app_get_file(%s)', w.who || '@alpha.test',
        (select f.file_id from app.files f where f.photo_id = pg_temp.id('front'))
    )),
    'PT404 file.not_found', w.who || ' sees neither'
)
from (values ('sp2'), ('sm2'), ('exi'), ('fin')) as w (who);

-- A visit that was planned

select tests.become('sp1@alpha.test');
select isnt(
    api.crm_log_activity(pg_temp.visit(jsonb_build_object('scheduled_on', app.today())) - 'gps_lat' - 'gps_lng') ->> 'activity_id', null, 'a visit is planned without one'
);
select pg_temp.photo('sp1', 'back');
select is(
    tests.error_of(format('select api.crm_complete_activity(%s, ''{"gps_lat": 0, "gps_lng": 0}'')', a.activity_id)), 'PT422 activity.visit.proof', 'and not done without one'
)
from api.activities a
where a.completed_at is null;
select is(
    (api.crm_complete_activity(a.activity_id, jsonb_build_object('photo_id', pg_temp.id('back'), 'gps_lat', 0, 'gps_lng', 0)) ->> 'evidence_photo_url') like '/api/files/%',
    true, 'but with one'
)
from api.activities a
where a.completed_at is null;
select tests.become_owner();
select results_eq(
    $$ select a.action, a.changed_fields from app.audit_logs a where a.table_name = 'crm.activity_photos' and a.record_id = pg_temp.id('back')::text order by a.audit_id $$,
    $$ values ('INSERT', null::text[]), ('UPDATE', '{activity_id}') $$, 'the trail has it'
);

-- What proves nothing is forgotten

update crm.activity_photos p
set uploaded_at = now() - case p.photo_id when pg_temp.id('foreign') then interval '31 days' else interval '40 days' end;
select pg_temp.photo('sp2', 'young');
select tests.become_owner();
select is(app.do_scheduled_job('clean.photos', null, 100), 1, 'after thirty days');
select results_eq(
    $$ select m.name from crm.activity_photos p join made m on m.id = p.photo_id join app.files f on f.photo_id = p.photo_id order by 1 $$,
    $$ values ('back'), ('front'), ('young') $$, 'and nothing else'
);

select * from finish();
rollback;
