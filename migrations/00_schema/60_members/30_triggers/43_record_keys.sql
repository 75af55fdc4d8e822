-- Keeps members.record_keys equal to the keys of records.

create or replace function members.records_index_keys() returns trigger
language plpgsql
security definer -- keeps members.record_keys, which nobody can write
-- By key, whatever the statistics say of the transition table.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        insert into members.record_keys (org_id, database_id, record_id, match_keys)
        select n.org_id, n.database_id, n.record_id, n.match_keys from new_rows n;
    else
        delete from members.record_keys k
        using old_rows o
        where k.org_id = o.org_id and k.database_id = o.database_id and k.record_id = o.record_id;
    end if;
    return null;
end
$$;

comment on function members.records_index_keys() is 'Statement trigger: the keys of records come and go with them (BF-5).';
revoke all on function members.records_index_keys() from public;

create or replace function members.record_index_keys_anew() returns trigger
language plpgsql
security definer -- keeps members.record_keys, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from members.record_keys k
    where k.org_id = old.org_id and k.database_id = old.database_id and k.record_id = old.record_id;
    insert into members.record_keys (org_id, database_id, record_id, match_keys)
    values (new.org_id, new.database_id, new.record_id, new.match_keys);
    return null;
end
$$;

comment on function members.record_index_keys_anew() is
    'Row trigger: no function of ours changes the keys of a record or its place; whoever does as the owner is still found (BF-5).';
revoke all on function members.record_index_keys_anew() from public;

create or replace trigger records_43_index_keys_insert
after insert on members.records
referencing new table as new_rows
for each statement execute function members.records_index_keys();

create or replace trigger records_44_index_keys_update
after update of org_id, database_id, record_id, match_keys on members.records
for each row
when ((old.org_id, old.database_id, old.record_id, old.match_keys) is distinct from (new.org_id, new.database_id, new.record_id, new.match_keys))
execute function members.record_index_keys_anew();

create or replace trigger records_45_index_keys_delete
after delete on members.records
referencing old table as old_rows
for each statement execute function members.records_index_keys();
