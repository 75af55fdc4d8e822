-- Saved views: one's own, by name, with one default for each module.

begin;
select plan(15);

create temporary table made (view_id bigint);
grant all on made to public;

select tests.become('sp1@alpha.test');
select is(
    api.app_save_view('{"module": "crm", "view_name": "Hot", "filter_json": {"status": "Proposal"}, "is_default": true}') @> '{"view_name": "Hot", "is_default": true}',
    true, 'a filter is kept under a name'
);
select is(api.app_save_view('{"module": "crm", "view_name": "Cold", "is_default": true}') ->> 'is_default', 'true', 'another one');
select results_eq(
    'select v.view_name, v.is_default from api.saved_views v order by 1', $$ values ('Cold', true), ('Hot', false) $$, 'one of them is the default'
);
select is(tests.error_of($$ select api.app_save_view('{"module": "crm", "view_name": "Hot"}') $$), 'PT409 saved_view.name.duplicate', 'a name stands once');
select is(api.app_save_view('{"module": "kpi", "view_name": "Hot", "is_default": true}') ->> 'is_default', 'true', 'in a module');
insert into made select v.view_id from api.saved_views v where v.view_name = 'Hot' and v.module = 'crm';
select is(
    api.app_change_view((select view_id from made), '{"view_name": "Hotter", "filter_json": {"a": [1]}, "is_default": true}') @> '{"view_name": "Hotter", "filter_json": {"a": [1]}, "is_default": true}',
    true, 'it is renamed, refilled, made the default'
);
select is((select count(*) from api.saved_views v where v.is_default and v.module = 'crm'), 1::bigint, 'and the other one is not any more');
select is(
    tests.faults_of($$ select api.app_save_view('{"module": "crm2", "view_name": "x", "filter_json": [], "created_by": "x"}') $$),
    array['created_by saved_view.field.unknown'], 'unknown fields are refused'
);
select is(
    tests.faults_of($$ select api.app_save_view('{"module": "crm2", "view_name": "x", "filter_json": []}') $$),
    array['filter_json saved_view.filter_json.type'], 'so are filters that are none'
);
select is(tests.error_of($$ select api.app_save_view('{"module": "crm2", "view_name": "x"}') $$), '23514', 'and unknown modules');
select is(
    (select array_agg(i ->> 'view_name') from jsonb_array_elements(api.app_list_saved_views('crm') -> 'items') i), array['Cold', 'Hotter'], 'a list by module'
);
select tests.become('sp2@alpha.test');
select is(tests.error_of(format('select api.app_change_view(%s, %L)', (select view_id from made), '{"view_name": "Mine"}')), 'PT404 saved_view.not_found', 'nobody changes another''s');
select is(tests.error_of(format('select api.app_delete_view(%s)', (select view_id from made))), 'PT404 saved_view.not_found', 'or deletes it');
select tests.become('dir@alpha.test');
select is(tests.error_of($$ select api.app_save_view('{"module": "crm", "view_name": "x"}') $$), 'PT403 permission.denied', 'a director keeps none');
select tests.become('sp1@alpha.test');
select is(api.app_delete_view((select view_id from made)), (select jsonb_build_object('view_id', view_id) from made), 'its owner deletes it');

select * from finish();
rollback;
