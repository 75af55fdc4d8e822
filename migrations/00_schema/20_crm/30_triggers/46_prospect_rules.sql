-- Moves of prospects, whoever makes them: only those that are listed, and each an event.

create or replace function crm.prospects_check_move() returns trigger
language plpgsql
security definer -- reads rules whoever is asking
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from crm.prospect_transitions t where t.from_stage = old.current_stage and t.to_stage = new.current_stage
    ) then
        perform app.fail(
            'PT409', 'prospect.stage.transition', 'A prospect cannot go from this stage to that one.',
            format('%s -> %s', old.current_stage, new.current_stage)
        );
    end if;
    return new;
end
$$;

comment on function crm.prospects_check_move() is
    'Refuses moves that crm.prospect_transitions does not list: PT409 prospect.stage.transition (spec: command_center §2.5).';
revoke all on function crm.prospects_check_move() from public;

create or replace trigger prospects_05_check_move
before update on crm.prospects
for each row
when (new.current_stage <> old.current_stage)
execute function crm.prospects_check_move();

create or replace function crm.prospects_note_moves() returns trigger
language plpgsql
security definer -- events have no insert grant
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into crm.prospect_events (org_id, prospect_id, event_type, ref_id, created_by)
    select n.org_id, n.prospect_id, 'STAGE_CHANGED', n.current_stage, app.uid()
    from new_rows n
    join old_rows o on o.org_id = n.org_id and o.prospect_id = n.prospect_id
    where n.current_stage <> o.current_stage;
    return null;
end
$$;

comment on function crm.prospects_note_moves() is 'Writes the event STAGE_CHANGED, whose ref_id is the new stage (spec: command_center §2.3, §2.4).';
revoke all on function crm.prospects_note_moves() from public;

create or replace trigger prospects_60_events_update
after update on crm.prospects
referencing old table as old_rows new table as new_rows
for each statement execute function crm.prospects_note_moves();
