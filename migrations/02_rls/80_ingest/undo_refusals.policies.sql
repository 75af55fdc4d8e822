-- Which rows of ingest.undo_refusals are whose: those of imports one sees (spec: command_center §1.7).

create policy undo_refusals_select on ingest.undo_refusals
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('undo_refusals', 'select', 'all'))
        or (
            (select app.can('undo_refusals', 'select', 'parent'))
            and exists (
                select
                from ingest.imports i
                where i.org_id = undo_refusals.org_id and i.import_id = undo_refusals.import_id
            )
        )
    )
);
