-- How many alerts about invalid records wait for the caller, by module.

create or replace function api.members_alert_counts() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('records', 'assign');
    return (
        select jsonb_object_agg(
            m.page,
            jsonb_build_object('open', coalesce(n.open, 0), 'unread', coalesce(n.unread, 0), 'invalid_records', coalesce(n.invalid, 0))
        )
        from (values ('normal', 'normal'), ('memberwd', 'member_wd'), ('bonanza', 'bonanza')) as m (page, module)
        left join (
            select
                v.topic, count(*) as open, count(*) filter (where v.read_at is null) as unread,
                sum((v.data ->> 'total_invalid')::bigint) as invalid
            from api.notifications v
            where v.user_id = (select app.uid())
              and v.topic in ('memberwd_invalid', 'bonanza_invalid', 'normal_invalid')
              and v.resolved_at is null
            group by v.topic
        ) n on n.topic = members.alert_topic(m.module)
    );
end
$$;

comment on function api.members_alert_counts() is
    'Returns {normal, memberwd, bonanza: {open: alerts of one''s own that nobody dealt with, unread: of these, invalid_records: that they are about}}; the alerts themselves are notifications. Raises PT401, PT403 (spec: member §5.22 admin alerts).';
revoke all on function api.members_alert_counts() from public;
grant execute on function api.members_alert_counts() to authenticated;
