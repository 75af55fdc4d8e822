-- Whether a customer is visible to a person: the scopes of its select policy, for code that runs as the owner.

create or replace function crm.customer_is_readable(
    p_permissions text,
    p_user_id uuid,
    p_team_ids uuid[],
    p_owner_ids uuid[],
    p_creator_ids uuid[]
) returns boolean
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return strpos(p_permissions, ' customers:select:all ') > 0
        or (strpos(p_permissions, ' customers:select:team ') > 0 and p_owner_ids && p_team_ids)
        or (strpos(p_permissions, ' customers:select:own ') > 0 and p_owner_ids && array[p_user_id])
        or (strpos(p_permissions, ' customers:select:created ') > 0 and p_creator_ids && array[p_user_id])
        or (strpos(p_permissions, ' customers:select:pipeline ') > 0 and p_owner_ids <> '{}');
end
$$;

comment on function crm.customer_is_readable(text, uuid, uuid[], uuid[], uuid[]) is
    'True when a person with these permissions, this id and team sees a customer with these owners and creators. Must say what policy customers_select says; a test compares them (decisions §5.7).';
revoke all on function crm.customer_is_readable(text, uuid, uuid[], uuid[], uuid[]) from public;
