-- Which rows of kpi.marketing_activity_events are whose: marketing sees all, and corrects its own (spec: command_center §1.7).

create policy marketing_activity_events_select on kpi.marketing_activity_events
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('marketing_activity_events', 'select', 'all'))
    )
);

create policy marketing_activity_events_update on kpi.marketing_activity_events
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('marketing_activity_events', 'update', 'all'))
        or ((select app.can('marketing_activity_events', 'update', 'own')) and created_by = (select app.uid()))
    )
);
