-- What checks of the data have found and repairs have done, for whoever looks after it.

create view api.system_logs with (security_invoker = true) as
select l.org_id, l.log_id, l.type, l.payload, l.performed_by, p.full_name as performed_by_name, l.performed_at
from members.system_logs l
left join api.v_user_directory p on p.org_id = l.org_id and p.user_id = l.performed_by
where l.org_id = (select app.org_id());

comment on view api.system_logs is 'performed_by is null for what the clock did (spec: member §5.23 activity log).';
revoke all on api.system_logs from public;
grant select on api.system_logs to authenticated, analyst;
