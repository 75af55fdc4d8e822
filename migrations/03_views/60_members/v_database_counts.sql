-- How many records of each database are in which state: the numbers that screens show.

create view api.v_database_counts with (security_invoker = true) as
select (select app.org_id()) as org_id, c.*
from members.counts_of(
    array(select d.database_id from members.databases d where d.org_id = (select app.org_id()) and d.deleted_at is null)
) c;

comment on view api.v_database_counts is
    'total = available + requested + assigned + archived + excluded, exactly (spec: member §5.10 counts, BF-24).';
revoke all on api.v_database_counts from public;
grant select on api.v_database_counts to authenticated, analyst;
