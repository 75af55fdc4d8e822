-- Which rows of ingest.saved_mappings are whose: one's own (design §7).

create policy saved_mappings_select on ingest.saved_mappings
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('saved_mappings', 'select', 'own')) and user_id = (select app.uid()))
    )
);
