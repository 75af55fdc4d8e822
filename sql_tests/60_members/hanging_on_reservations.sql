-- What hangs on a reservation (submissions for the bonus check, which come with their own module) goes and moves with it on
-- every path, by a trigger of its own on members.reservations: cases 10, 57, 58, BF-10, BF-12. A table as that module will
-- have it stands in for it.

begin;
select plan(13);
\ir _members.psql
\ir _reservations.psql
select tests.become_owner();
create table members.stand_in (org_id uuid, customer_id text, product_id bigint, staff_id uuid);
create function members.stand_in_follows() returns trigger
language plpgsql
as $$
begin
    if tg_op = 'UPDATE' then
        update members.stand_in s
        set staff_id = n.staff_id
        from old_rows o
        join new_rows n on n.org_id = o.org_id and n.reservation_id = o.reservation_id
        where n.staff_id <> o.staff_id and o.status = 'approved'
          and s.org_id = o.org_id and s.product_id = o.product_id and s.staff_id = o.staff_id
          and members.match_key(s.customer_id) = members.match_key(o.customer_id);
    else
        delete from members.stand_in s
        using old_rows o
        where o.status = 'approved'
          and s.org_id = o.org_id and s.product_id = o.product_id and s.staff_id = o.staff_id
          and members.match_key(s.customer_id) = members.match_key(o.customer_id);
    end if;
    return null;
end
$$;
create trigger reservations_70_stand_in_update after update on members.reservations
referencing old table as old_rows new table as new_rows for each statement execute function members.stand_in_follows();
create trigger reservations_71_stand_in_delete after delete on members.reservations
referencing old table as old_rows for each statement execute function members.stand_in_follows();

reset role;
create function pg_temp.left() returns text
language sql
security definer
as $$
    select string_agg(s.customer_id || ':' || split_part(lower(p.full_name), ' ', 1), ' ' order by s.customer_id, p.full_name)
    from members.stand_in s
    join app.profiles p on p.org_id = s.org_id and p.user_id = s.staff_id
$$;
create function pg_temp.submit(p_customer text, p_staff text, p_product text default 'P1') returns void
language sql
security definer
as $$ insert into members.stand_in select pg_temp.alpha(), p_customer, pg_temp.product(p_product), tap.uid(p_staff) $$;
-- An approved reservation with a submission.
create function pg_temp.both(p_customer text, p_staff text) returns text
language sql
as $$
    select pg_temp.submit(lower(p_customer), p_staff);
    select pg_temp.add(p_customer, p_customer, p_staff)
$$;

select tests.become('adm@alpha.test');
select is(pg_temp.both(c.customer, c.staff), 'added', c.customer || ' is reserved and submitted')
from (values ('KEPT', 'stf@alpha.test'), ('DELETED', 'stf@alpha.test'), ('MOVED', 'stf@alpha.test'), ('LATE', 'stf@alpha.test'), ('GONE', 'stf2@alpha.test')) as c (customer, staff);
select pg_temp.submit('deleted', 'stf2@alpha.test'), pg_temp.submit('deleted', 'stf@alpha.test', 'P2');

select api.members_delete_reservation(pg_temp.id('DELETED'));
select is(
    pg_temp.left(), 'deleted:stf deleted:stf2 gone:stf2 kept:stf late:stf moved:stf',
    'case 57, BF-10: deleting removes what that staff submitted for the customer; in another product, or another''s, it stays'
);
select api.members_move_reservation(pg_temp.id('MOVED'), jsonb_build_object('new_staff_id', tap.uid('sp1@alpha.test')));
select is(
    pg_temp.left(), 'deleted:stf deleted:stf2 gone:stf2 kept:stf late:stf moved:sp1', 'case 58, BF-12: moving moves it along'
);
select tests.become_owner();
update members.reservations set approved_at = '2031-01-01' where reservation_id = pg_temp.id('LATE');
select is(members.expire_reservations(pg_temp.alpha(), 100) ->> 'members_removed', '1', 'one is past its grace');
select is(
    pg_temp.left(), 'deleted:stf deleted:stf2 gone:stf2 kept:stf moved:sp1', 'case 57, BF-10: expiry removes it'
);
select tests.become('sa@alpha.test');
select lives_ok($$ select api.app_delete_user(tap.uid('stf2@alpha.test')) $$, 'a staff is deleted');
select is(pg_temp.left(), 'deleted:stf deleted:stf2 kept:stf moved:sp1', 'case 10, BF-6: and with it what hung on its reservations');
select tests.become_owner();
update app.profiles set role_key = 'finance' where user_id = tap.uid('sp1@alpha.test');
select tests.become('adm@alpha.test');
select lives_ok($$ select api.members_repair_data('{"repair": "orphaned_reserved_members"}') $$, 'an orphaned reservation is repaired');
select is(pg_temp.left(), 'deleted:stf deleted:stf2 kept:stf', 'case 57, BF-10: which removes it too');

select * from finish();
rollback;
