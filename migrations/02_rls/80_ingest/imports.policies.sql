-- Which rows of ingest.imports are whose: spec: command_center §1.7, decisions §5.3.

create policy imports_select on ingest.imports
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('imports', 'select', 'all'))
        or ((select app.can('imports', 'select', 'own')) and uploaded_by = (select app.uid()))
        or ((select app.can('imports', 'select', 'module')) and module = any ((select app.managed_modules())::text[]))
    )
);
