-- Which rows of ingest.import_undos are whose: those of imports one sees (spec: command_center §1.7).

create policy import_undos_select on ingest.import_undos
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('import_undos', 'select', 'all'))
        or (
            (select app.can('import_undos', 'select', 'parent'))
            and exists (
                select
                from ingest.imports i
                where i.org_id = import_undos.org_id and i.import_id = import_undos.import_id
            )
        )
    )
);
