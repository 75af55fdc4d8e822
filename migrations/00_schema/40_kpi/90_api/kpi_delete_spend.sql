-- Removes what was spent.

create or replace function api.kpi_delete_spend(p_spend_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('marketing_spend', 'delete');
    delete from kpi.marketing_spend m
    where m.org_id = app.org_id()
      and m.spend_id = p_spend_id
      and (app.can('marketing_spend', 'delete', 'all') or (app.can('marketing_spend', 'delete', 'own') and m.created_by = app.uid()));
    if not found then
        -- Whoever may remove their own sees all of them.
        if exists (select from kpi.marketing_spend m where m.org_id = app.org_id() and m.spend_id = p_spend_id) then
            perform app.fail('PT403', 'permission.denied', 'Whoever recorded spend changes it.', p_spend_id::text);
        end if;
        perform app.fail('PT404', 'spend.not_found', 'There is no such spend.', p_spend_id::text);
    end if;
    perform app.emit('marketing_spend.deleted', array[p_spend_id::text], array['marketing_spend', 'kpi_targets']);
    return jsonb_build_object('spend_id', p_spend_id);
end
$$;

comment on function api.kpi_delete_spend(bigint) is
    'Returns {spend_id}. Raises PT403 for rows of others, PT404 spend.not_found (spec: command_center §1.5).';
revoke all on function api.kpi_delete_spend(bigint) from public;
grant execute on function api.kpi_delete_spend(bigint) to authenticated;
