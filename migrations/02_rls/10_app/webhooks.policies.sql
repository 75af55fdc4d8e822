-- Which rows of app.webhooks are whose: of those who may read webhooks (design §8).

create policy webhooks_select on app.webhooks
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('webhooks', 'select', 'all'))
    )
);
