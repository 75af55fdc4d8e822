-- Activities of marketing as people read them.

create view api.marketing_activity_events with (security_invoker = true) as
select
    m.org_id, m.activity_id, m.activity_name, m.channel, m.activity_date, m.quantity, m.notes, m.source_import_id, m.created_by,
    m.created_at, m.updated_at
from kpi.marketing_activity_events m
where m.org_id = (select app.org_id());

comment on view api.marketing_activity_events is 'Activities of marketing that the reader may see (spec: command_center §1.7).';
revoke all on api.marketing_activity_events from public;
grant select on api.marketing_activity_events to authenticated, analyst;
