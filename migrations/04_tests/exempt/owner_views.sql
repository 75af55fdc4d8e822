-- Views that run with the rights of their owner and filter by themselves, each with the reason.

create view tests.v_owner_views with (security_invoker = true) as
select *
from (
    values
        ('api.audit_logs', 'nobody has a privilege on the table (decisions §5.2)'),
        ('api.v_user_directory', 'shows less of profiles than the table, to more people (command_center §1.5)'),
        ('api.v_ops_rfqs_masked', 'shows less of tickets than the table, to people who must not see the rows (command_center §4)'),
        ('api.v_sales_activities_daily', 'counts all that a person did, also for what was handed on since (pitfall P10)'),
        ('api.v_marketing_leads_by_channel_daily', 'counts leads of all for whoever sees what was spent (pitfall P10)'),
        ('api.v_marketing_cpl_daily', 'counts leads of all for whoever sees what was spent (pitfall P10)')
) as exempt (object, reason);

comment on view tests.v_owner_views is 'Views without security_invoker, and why.';
revoke all on tests.v_owner_views from public;
