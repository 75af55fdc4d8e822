-- Makes the batch of an assignment, or finds the one that records are added to.

create or replace function members.new_batch(
    p_database members.databases,
    p_staff_id uuid,
    p_batch_id bigint,
    p_count integer
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_batch_id bigint;
begin
    -- Bonanza groups by database (decisions §1.7).
    if (p_database).module = 'bonanza' then
        if p_batch_id is not null then
            perform app.fail('PT422', 'records.batch_id.not_allowed', 'Records of this module are not in batches.');
        end if;
        return null;
    end if;

    if p_batch_id is null then
        insert into members.batches (org_id, module, database_id, staff_id, initial_count, created_by, created_at)
        values (
            (p_database).org_id, (p_database).module, (p_database).database_id, p_staff_id, p_count, app.uid(), app.now()
        )
        returning batch_id into v_batch_id;
        return v_batch_id;
    end if;

    update members.batches b
    set initial_count = b.initial_count + p_count
    where b.org_id = (p_database).org_id
      and b.batch_id = p_batch_id
      and b.module = (p_database).module
      and b.database_id = (p_database).database_id
      and b.staff_id = p_staff_id
      and b.closed_at is null
    returning b.batch_id into v_batch_id;
    if not found then
        perform app.fail(
            'PT404', 'batch.not_found', 'This staff has no such batch of this database.', p_batch_id::text
        );
    end if;
    return v_batch_id;
end
$$;

comment on function members.new_batch(members.databases, uuid, bigint, integer) is
    'p_batch_id: null = a new batch of p_count records, else that batch, which must be of the same staff and database. Null for bonanza. Raises PT404 batch.not_found, PT422 records.batch_id.not_allowed (spec: member §5.10, case 85, LD-12).';
revoke all on function members.new_batch(members.databases, uuid, bigint, integer) from public;
