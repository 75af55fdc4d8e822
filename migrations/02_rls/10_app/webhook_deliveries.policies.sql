-- Which rows of app.webhook_deliveries are whose: of those who may read webhooks (design §8).

create policy webhook_deliveries_select on app.webhook_deliveries
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('webhook_deliveries', 'select', 'all'))
    )
);
