"""What the owner of the database knows: the other side of every comparison that the demo makes.

Who may see what is written out here once more, as plain conditions on the tables, with nothing of what
decides it in the product: no policy, view, permission row or derived column.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, LiteralString

from psycopg import connect
from psycopg.rows import dict_row

from db.logins import as_owner

Kind = Literal["leads", "customers", "tickets"]
KINDS: tuple[Kind, ...] = ("leads", "customers", "tickets")

Key = tuple[str, str]
"""Creator or organisation, and id: ids alone repeat from one organisation to the next."""


@dataclass(frozen=True)
class Sight:
    """What somebody sees, or ought to see."""

    leads: set[Key] = field(default_factory=set)
    customers: set[Key] = field(default_factory=set)
    tickets: set[Key] = field(default_factory=set)

    def of(self, kind: Kind) -> set[Key]:
        found: set[Key] = getattr(self, kind)
        return found

    @classmethod
    def from_rows(cls, rows: list[list[str]]) -> "Sight":
        """From rows of (kind, creator or organisation, id)."""
        seen = cls()
        for kind, whose, row_id in rows:
            getattr(seen, kind).add((whose, row_id))
        return seen


SEEN_BY_PSQL = """
    select 'leads', created_by, lead_id from api.leads
    union all
    select 'customers', org_id, customer_id from api.customers
    union all
    select 'tickets', org_id, ticket_id from api.tickets
"""
"""The rows of `Sight.from_rows`, as anybody with psql gets them."""


class Owner:
    """The owner's questions, asked through the administrator's URL. Methods raise psycopg.Error."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url

    def _ask(self, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
        with connect(self._admin_url, row_factory=dict_row) as connection:
            connection.read_only = True
            with as_owner(connection):  # type: ignore[arg-type]
                return connection.execute(query, values).fetchall()

    def sight_of(self, email: str) -> Sight:
        """What the person with this e-mail must see: all of it and nothing else."""
        rows = self._ask(_THEIRS, email)
        return Sight.from_rows([[row["kind"], str(row["whose"]), row["id"]] for row in rows])

    def rows_by_status(self, org_of: str, import_id: int) -> dict[str, int]:
        """How many rows of the import have which status; `org_of`: e-mail of somebody of its organisation."""
        rows = self._ask(
            """
            select r.status, count(*) as n
            from ingest.import_rows r
            join app.profiles p using (org_id)
            where p.email = %s and r.import_id = %s
            group by r.status
            """,
            org_of,
            import_id,
        )
        return {row["status"]: row["n"] for row in rows}

    def leads_of_import(self, org_of: str, import_id: int) -> int:
        """How many leads were made of the import's rows."""
        rows = self._ask(
            """
            select count(*) as n
            from crm.leads l
            join app.profiles p using (org_id)
            where p.email = %s and l.source_import_id = %s
            """,
            org_of,
            import_id,
        )
        found: int = rows[0]["n"]
        return found

    def records_of_import(self, org_of: str, import_id: int) -> int:
        """How many member records the import's database was made of, those deleted since apart."""
        rows = self._ask(
            """
            select count(*) as n
            from members.records r
            join members.databases d using (org_id, database_id)
            join app.profiles p using (org_id)
            where p.email = %s and d.import_id = %s
            """,
            org_of,
            import_id,
        )
        found: int = rows[0]["n"]
        return found

    def records_by_status(self, org_of: str, database_id: int) -> dict[str, int]:
        """How many records of the database are in each of three states."""
        rows = self._ask(
            """
            select s.status, count(r.record_id) as n
            from app.profiles p
            cross join unnest(array['available', 'assigned', 'invalid_archived']) as s (status)
            left join members.records r
                on r.org_id = p.org_id and r.database_id = %s and r.status = s.status
            where p.email = %s
            group by s.status
            """,
            database_id,
            org_of,
        )
        return {row["status"]: row["n"] for row in rows}

    def replacements(self, staff: str) -> list[dict[str, Any]]:
        """Each replacement that this person was given: the id that it replaced, and `old` and `new`, both as
        (staff, batch, database, product)."""
        return self._ask(
            """
            select
                o.assignment_id as replaced,
                array[o.staff_id::text, o.batch_id::text, ro.database_id::text, d.product_id::text] as old,
                array[n.staff_id::text, n.batch_id::text, rn.database_id::text, e.product_id::text] as new
            from members.assignments n
            join app.profiles p on p.org_id = n.org_id and p.user_id = n.staff_id
            join members.assignments o on o.org_id = n.org_id and o.assignment_id = n.replaces_assignment_id
            join members.records ro on ro.org_id = o.org_id and ro.record_id = o.record_id
            join members.records rn on rn.org_id = n.org_id and rn.record_id = n.record_id
            join members.databases d on d.org_id = ro.org_id and d.database_id = ro.database_id
            join members.databases e on e.org_id = rn.org_id and e.database_id = rn.database_id
            where p.email = %s
            """,
            staff,
        )

    def customers_with_npwp(self, org_of: str, digits: str) -> set[str]:
        """Ids of the customers with this NPWP (16 digits), however it is spelled."""
        rows = self._ask(
            """
            select c.customer_id
            from crm.customers c
            join app.profiles p using (org_id)
            where p.email = %s
              and lpad(regexp_replace(c.npwp, '[^0-9]', '', 'g'), 16, '0') = %s
            """,
            org_of,
            digits,
        )
        return {row["customer_id"] for row in rows}

    def customer_of_lead(self, org_of: str, lead_id: str) -> str:
        """The id of the lead's customer."""
        rows = self._ask(
            """
            select l.customer_id
            from crm.leads l
            join app.profiles p using (org_id)
            where p.email = %s and l.lead_id = %s
            """,
            org_of,
            lead_id,
        )
        found: str = rows[0]["customer_id"]
        return found

    def ticket(self, org_of: str, ticket_id: str) -> dict[str, Any]:
        """dept_target, subject, description, masked, events of a ticket."""
        rows = self._ask(
            """
            select t.dept_target, t.subject, t.description, t.need_customer_masking as masked,
                array(
                    select e.event_type
                    from desk.sla_events e
                    where e.org_id = t.org_id and e.ticket_id = t.ticket_id
                ) as events
            from desk.tickets t
            join app.profiles p using (org_id)
            where p.email = %s and t.ticket_id = %s
            """,
            org_of,
            ticket_id,
        )
        return rows[0]

    def has_analyst_login(self, email: str) -> bool:
        """Whether this person has a lasting log-in of `pgcrm analysts add`."""
        rows = self._ask(
            """
            select l.login
            from app.db_logins l
            join app.profiles p using (user_id)
            where p.email = %s and l.kind = 'analyst'
            """,
            email,
        )
        return bool(rows)


# The roles that read in the demo: command_center §1.7 in words of one syllable.
_THEIRS: LiteralString = """
    with me as (
        select
            p.org_id, p.user_id, p.role_key, p.dept_code,
            array(
                select m.user_id
                from app.profiles m
                where m.org_id = p.org_id and (m.user_id = p.user_id or m.manager_user_id = p.user_id)
            ) as team
        from app.profiles p
        where p.email = %s
    ),
    lead as (
        select l.org_id, l.lead_id, l.created_by
        from crm.leads l
        join me using (org_id)
        where case me.role_key
            when 'master_admin' then true
            when 'sales_manager' then coalesce(l.sales_owner_user_id, l.created_by) = any (me.team)
            when 'salesperson' then coalesce(l.sales_owner_user_id, l.created_by) = me.user_id
        end
    ),
    -- A customer is whose leads and prospects are, unless these came to it without its being known (D1).
    customer as (
        select c.org_id, c.customer_id
        from crm.customers c
        join me using (org_id)
        where c.deleted_at is null
          and case me.role_key
            when 'master_admin' then true
            when 'sales_manager' then exists (
                select from crm.leads l
                where l.org_id = c.org_id and l.customer_id = c.customer_id and l.counts
                  and l.sales_owner_user_id = any (me.team)
                union all
                select from crm.prospects o
                where o.org_id = c.org_id and o.customer_id = c.customer_id and o.counts
                  and o.owner_user_id = any (me.team)
            )
        end
    ),
    ticket as (
        select t.org_id, t.ticket_id
        from desk.tickets t
        join me using (org_id)
        where case
            when me.role_key = 'master_admin' then true
            when me.role_key = 'sales_manager' then
                t.created_by = any (me.team) or t.assigned_to = any (me.team) or t.dept_target = me.dept_code
                or t.related_lead_id in (select lead_id from lead)
            when me.role_key like '%%_ops' then t.dept_target = me.dept_code and not t.need_customer_masking
        end
    )
    select 'leads' as kind, created_by as whose, lead_id as id from lead
    union all
    select 'customers', org_id, customer_id from customer
    union all
    select 'tickets', org_id, ticket_id from ticket
"""
