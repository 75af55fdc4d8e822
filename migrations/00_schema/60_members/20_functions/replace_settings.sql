-- Whether and how often invalid records of a module are replaced at once.

create or replace function members.replace_settings(p_module text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_build_object(
        'auto_replace_invalid', app.setting(p_module || '_auto_replace'),
        'max_replacements_per_batch', app.setting(p_module || '_replacements_per_batch')
    );
end
$$;

comment on function members.replace_settings(text) is
    'p_module: member_wd or bonanza. {auto_replace_invalid, max_replacements_per_batch} (spec: member §4 app_settings; decisions §3: per module).';
revoke all on function members.replace_settings(text) from public;
grant execute on function members.replace_settings(text) to authenticated;
