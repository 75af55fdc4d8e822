-- The topic of alerts about invalid records.

create or replace function members.alert_topic(p_module text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case p_module when 'member_wd' then 'memberwd_invalid' else p_module || '_invalid' end
$$;

comment on function members.alert_topic(text) is 'memberwd_invalid, bonanza_invalid, normal_invalid (spec: member §4, admin notifications).';
revoke all on function members.alert_topic(text) from public;
grant execute on function members.alert_topic(text) to authenticated;
