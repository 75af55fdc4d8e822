-- The staff whose records the caller reads: null for everybody's, and those that nobody has.

create or replace function members.readable_staff() returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when app.can('records', 'select', 'all') then null
        when app.can('records', 'select', 'team') then app.team_ids()
        else array[app.uid()]
    end;
end
$$;

comment on function members.readable_staff() is
    'What the policy of members.records says, to be said beside it, so that whoever sees few records finds them by an index (design §4).';
revoke all on function members.readable_staff() from public;
grant execute on function members.readable_staff() to authenticated;
