-- Whether a person knows no customer: what such a person writes gives none away, and is shown to their like as it is.

create or replace function desk.knows_no_customer(p_org_id uuid, p_user_id uuid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- Masking words that a reader's own side has typed would confirm what they guess.
    select exists (
        select
        from app.profiles p
        join app.role_permissions m on m.role_key = p.role_key
        where p.org_id = p_org_id
          and p.user_id = p_user_id
          and m.resource = 'v_ops_rfqs_masked'
          and m.action = 'select'
          and m.scope = 'dept'
    )
$$;

comment on function desk.knows_no_customer(uuid, uuid) is 'True for people whose role sees tickets masked.';
revoke all on function desk.knows_no_customer(uuid, uuid) from public;
