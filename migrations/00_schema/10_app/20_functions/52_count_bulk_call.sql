-- Counts a call that changes many things at once, or refuses it.

create or replace function app.count_bulk_call() returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := (app.setting('bulk_calls_per_minute') #>> '{}')::integer;
    v_now timestamptz := app.now();
    v_recent timestamptz[];
begin
    -- The row is locked until the call is over: two at once are counted one after the other.
    insert into app.bulk_calls as b (org_id, user_id, called_at)
    values (app.org_id(), app.uid(), array[v_now])
    on conflict on constraint bulk_calls_pkey do update
    set called_at = array(
        select t from unnest(b.called_at) as t where t > v_now - interval '1 minute' order by t
    ) || v_now
    returning b.called_at into v_recent;
    -- What is refused is undone with its count, and what fails later too.
    if cardinality(v_recent) > v_limit then
        perform app.fail(
            'PT429', 'bulk.too_many', format('At most %s calls a minute change many things at once.', v_limit),
            greatest(
                1, ceil(extract(epoch from v_recent[cardinality(v_recent) - v_limit] + interval '1 minute' - v_now))
            )::integer::text
        );
    end if;
end
$$;

comment on function app.count_bulk_call() is
    'For functions of the owner that change many things at once; after app.replay, so that a repetition is free. Counts for a minute, for each person. Raises PT429 bulk.too_many; detail: seconds until the next is admitted (decisions §4, settings bulk_calls_per_minute).';
revoke all on function app.count_bulk_call() from public;
