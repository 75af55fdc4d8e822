-- How requests are approved without anybody.

create or replace function members.request_settings() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_build_object(
        'enabled', app.setting('normal_auto_approve'),
        'max_records_per_request', nullif(app.setting('normal_auto_approve_maximum'), '0')
    );
end
$$;

comment on function members.request_settings() is '{enabled, max_records_per_request: null = any} (spec: member §4 system_settings, §5.2).';
revoke all on function members.request_settings() from public;
grant execute on function members.request_settings() to authenticated;
