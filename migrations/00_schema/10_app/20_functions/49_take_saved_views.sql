-- Holds the saved views of the caller, so that two requests at once leave one default.

create or replace function app.take_saved_views(p_module text, p_default_becomes bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'saved_views', app.org_id(), app.uid(), p_module), 0));
    if p_default_becomes is not null then
        update app.saved_views v
        set is_default = false
        where v.org_id = app.org_id() and v.created_by = app.uid() and v.module = p_module and v.is_default
          and v.view_id <> p_default_becomes;
    end if;
end
$$;

comment on function app.take_saved_views(text, bigint) is
    'p_default_becomes: the view that becomes the default of the module (0: a new one), so that none is now; null: none does.';
revoke all on function app.take_saved_views(text, bigint) from public;
