-- Saved views as their owners read them.

create view api.saved_views with (security_invoker = true) as
select v.org_id, v.view_id, v.module, v.view_name, v.filter_json, v.is_default, v.created_by, v.created_at, v.updated_at
from app.saved_views v
where v.org_id = (select app.org_id());

comment on view api.saved_views is 'Saved views that the reader may see (spec: command_center §2.3).';
revoke all on api.saved_views from public;
grant select on api.saved_views to authenticated, analyst;
