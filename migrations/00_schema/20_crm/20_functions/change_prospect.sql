-- Moves a prospect of the caller's to another stage.

create or replace function crm.change_prospect(p_prospect_id text, p_stage text, p_expected_stage text) returns void
language plpgsql
security definer -- stages have no grant: they move through here
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_stage text;
begin
    perform app.require('prospects', 'update');
    -- As it is now: of two who move it at once, the second moves it from where the first has left it.
    select p.current_stage
    into v_stage
    from crm.prospects p
    where p.org_id = v_org_id and p.prospect_id = p_prospect_id
    for no key update;
    if not found or not app.may_update_prospects(v_org_id, p_prospect_id) then
        perform app.fail('PT404', 'prospect.not_found', 'There is no such prospect that you may move.', left(p_prospect_id, 100));
    end if;
    if p_expected_stage <> v_stage then
        perform app.fail('PT409', 'prospect.stage.stale', 'Somebody has moved this prospect meanwhile.', v_stage);
    end if;
    if p_stage <> v_stage then
        if not exists (select from crm.prospect_transitions t where p_stage in (t.from_stage, t.to_stage)) then
            perform app.fail(
                'PT422', 'request.invalid', 'Some fields are missing or wrong.',
                '[{"field": "current_stage", "code": "prospect.current_stage.unknown", "message": "is no stage of a prospect"}]'
            );
        end if;
        update crm.prospects p set current_stage = p_stage where p.org_id = v_org_id and p.prospect_id = p_prospect_id;
        perform app.emit('prospects.moved', array[p_prospect_id], array['prospects']);
    end if;
end
$$;

comment on function crm.change_prospect(text, text, text) is
    'What api.crm_move_prospect does before it answers; that documents parameters and errors (spec: command_center §2.5).';
revoke all on function crm.change_prospect(text, text, text) from public;
grant execute on function crm.change_prospect(text, text, text) to authenticated;
