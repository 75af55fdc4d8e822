-- Member databases; how many records are in which state is api.v_database_counts.

create view api.databases with (security_invoker = true) as
select
    d.org_id, d.database_id, d.module, d.name, d.description, d.product_id, coalesce(p.name, 'Unknown') as product_name,
    d.file_name, lower(substring(d.file_name from '[^.]+$')) as file_type, d.file_size, d.import_id, d.columns, d.key_column, d.name_column, d.phone_column, d.auto_approve, d.uploaded_by, u.full_name as uploaded_by_name,
    d.uploaded_at
from members.databases d
left join members.products p on p.org_id = d.org_id and p.product_id = d.product_id
left join api.v_user_directory u on u.user_id = d.uploaded_by
where d.org_id = (select app.org_id())
  and d.deleted_at is null;

comment on view api.databases is 'Lists of members; without a product they are of "Unknown" (spec: member §4, case 17).';
revoke all on api.databases from public;
grant select on api.databases to authenticated, analyst;
