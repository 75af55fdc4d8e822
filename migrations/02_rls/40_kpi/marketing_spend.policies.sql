-- Which rows of kpi.marketing_spend are whose: marketing sees all, and corrects its own (spec: command_center §1.7).

create policy marketing_spend_select on kpi.marketing_spend
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('marketing_spend', 'select', 'all'))
    )
);

create policy marketing_spend_update on kpi.marketing_spend
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('marketing_spend', 'update', 'all'))
        or ((select app.can('marketing_spend', 'update', 'own')) and created_by = (select app.uid()))
    )
);
