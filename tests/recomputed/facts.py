"""The computed metrics a second time, from raw tables, in polars: made of the specification, not of the SQL.

A metric is a function of facts, the first and last day, and a person or None: its value, or None without one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import polars as pl
import psycopg

ZONE = "Asia/Jakarta"
Metric = Callable[["Facts", date, date, str | None], float | None]

_TABLES = {
    "leads": "select lead_id, lead_date, customer_id, sourced_by, primary_channel, campaign_name, status, "
    "sales_owner_user_id::text as owner, created_by::text as creator, created_at from crm.leads",
    "prospects": "select prospect_id, customer_id, owner_user_id::text as owner, counts, created_at "
    "from crm.prospects",
    "assignments": "select assignment_id, lead_id, to_user_id::text as who, assigned_at "
    "from crm.lead_assignments",
    "activities": "select activity_type, direction, lead_id, prospect_id, created_by::text as who, "
    "completed_at as at from crm.activities",
    "stages": "select prospect_id, from_stage, changed_by::text as who, changed_at as at "
    "from crm.prospect_stage_history",
    "moves": "select record_id as lead_id, changed_by::text as who, changed_at as at, "
    "after_data ->> 'status' as status, changed_fields from app.audit_logs where table_name = 'crm.leads'",
    "tickets": "select ticket_id, ticket_type, created_by::text as who, created_at from desk.tickets",
    "events": "select ticket_id, event_type, event_at from desk.sla_events",
    "invoices": "select invoice_id, customer_id, invoice_date, due_date, invoice_amount::float8 as amount, "
    "currency, status from ar.invoices",
    "payments": "select invoice_id, payment_date, amount::float8 as amount, "
    "reversed_payment_id is not null as is_reversal from ar.payments",
    "spend": "select channel, spend_date, amount::float8 as amount from kpi.marketing_spend",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The raw tables of an organisation, and two that are made of them once."""

    tables: dict[str, pl.DataFrame]

    @classmethod
    def read(cls, connection: psycopg.Connection, org_id: UUID) -> "Facts":
        def table(name: str, query: str) -> pl.DataFrame:
            cursor = connection.execute(f"select * from ({query}) q".encode())
            names = [column.name for column in cursor.description or ()]
            return pl.DataFrame(cursor.fetchall(), schema=names, orient="row", infer_schema_length=None)

        connection.execute(
            "create temporary view org as select %s::uuid as org_id".replace("%s", f"'{org_id}'")
        )
        tables = {
            name: table(
                name, f"{query} {'and' if ' where ' in query else 'where'} org_id = (select org_id from org)"
            )
            for name, query in _TABLES.items()
        }
        tables["owners"] = _owners(tables)
        tables["touches"] = _touches(tables)
        return cls(tables)

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.tables[name]


def _owners(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Customer to primary owner: of the newest lead that has one and is not Disqualified, else prospect."""
    leads = (
        tables["leads"]
        .filter(pl.col("owner").is_not_null() & (pl.col("status") != "Disqualified"))
        .sort("lead_date", "created_at", "lead_id")
        .group_by("customer_id")
        .agg(pl.col("owner").last().alias("by_lead"))
    )
    prospects = (
        tables["prospects"]
        .filter("counts")
        .sort("created_at", "prospect_id")
        .group_by("customer_id")
        .agg(pl.col("owner").last().alias("by_prospect"))
    )
    both = leads.join(prospects, on="customer_id", how="full", coalesce=True)
    return both.select("customer_id", pl.coalesce("by_lead", "by_prospect").alias("owner"))


def _touches(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Invoices in IDR that are not void, each with the last lead of its customer up to its day."""
    invoices = tables["invoices"].filter((pl.col("currency") == "IDR") & (pl.col("status") != "VOID"))
    leads = tables["leads"].select(
        "customer_id", "lead_date", "created_at", "lead_id", "sourced_by", "primary_channel", "creator"
    )
    return (
        invoices.join(leads, on="customer_id")
        .filter(pl.col("lead_date") <= pl.col("invoice_date"))
        .sort("lead_date", "created_at", "lead_id")
        .group_by("invoice_id")
        .last()
    )


def _local_day(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(ZONE).dt.date()


def _share(part: float, whole: float, factor: float = 100) -> float | None:
    return None if whole == 0 else part / whole * factor


def _before(first: date, last: date) -> tuple[date, date]:
    """The period of equal length before."""
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


# Invoices


def _sold(facts: Facts, who: str | None) -> pl.DataFrame:
    """Invoices that count, of everybody or of customers that are primarily somebody's."""
    invoices = facts["invoices"].filter(pl.col("status") != "VOID")
    if who is not None:
        theirs = facts["owners"].filter(pl.col("owner") == who)
        invoices = invoices.join(theirs, on="customer_id", how="semi")
    return invoices


def revenue(facts: Facts, first: date, last: date, who: str | None) -> float:
    sold = _sold(facts, who).filter(pl.col("currency") == "IDR")
    return float(sold.filter(pl.col("invoice_date").is_between(first, last))["amount"].sum())


def new_logos(facts: Facts, first: date, last: date, who: str | None) -> float:
    firsts = _sold(facts, who).group_by("customer_id").agg(pl.col("invoice_date").min())
    return firsts.filter(pl.col("invoice_date").is_between(first, last)).height


def active(facts: Facts, first: date, last: date, who: str | None) -> set[str]:
    sold = _sold(facts, who).filter(pl.col("invoice_date").is_between(first, last))
    return set(sold["customer_id"])


def retention(facts: Facts, first: date, last: date, who: str | None) -> float | None:
    known = active(facts, *_before(first, last), who)
    return _share(len(known & active(facts, first, last, who)), len(known))


def churn(facts: Facts, first: date, last: date, who: str | None) -> float | None:
    kept = retention(facts, first, last, who)
    return None if kept is None else 100 - kept


def growth(of: Callable[[Facts, date, date, str | None], float]) -> Metric:
    def grown(facts: Facts, first: date, last: date, who: str | None) -> float | None:
        before = of(facts, *_before(first, last), who)
        return _share(of(facts, first, last, who) - before, before)

    return grown


def _open(facts: Facts, day: date, who: str | None) -> pl.DataFrame:
    """What was outstanding of each invoice at the end of a day."""
    signed = pl.when("is_reversal").then(-pl.col("amount")).otherwise(pl.col("amount"))
    paid = (
        facts["payments"]
        .filter(pl.col("payment_date") <= day)
        .group_by("invoice_id")
        .agg(signed.sum().alias("paid"))
    )
    issued = _sold(facts, who).filter((pl.col("currency") == "IDR") & (pl.col("invoice_date") <= day))
    return issued.join(paid, on="invoice_id", how="left").with_columns(
        (pl.col("amount") - pl.col("paid").fill_null(0)).clip(lower_bound=0).alias("open")
    )


def overdue(facts: Facts, first: date, last: date, who: str | None) -> float:
    return float(_open(facts, last, who).filter(pl.col("due_date") < last)["open"].sum())


def dso(facts: Facts, first: date, last: date, who: str | None) -> float | None:
    sold = revenue(facts, last - timedelta(days=29), last, who)
    return _share(float(_open(facts, last, who)["open"].sum()), sold, 30)


# Leads


def _created(facts: Facts, first: date, last: date, who: str | None) -> pl.DataFrame:
    leads = facts["leads"].filter(pl.col("lead_date").is_between(first, last))
    return leads if who is None else leads.filter(pl.col("creator") == who)


def outbound(facts: Facts, first: date, last: date, who: str | None) -> float:
    by_sales = (pl.col("sourced_by") == "Sales") & (pl.col("primary_channel") == "Sales Outbound")
    return _created(facts, first, last, who).filter(by_sales).height


def completeness(facts: Facts, first: date, last: date, who: str | None) -> float | None:
    leads = _created(facts, first, last, who)
    has_campaign = pl.col("campaign_name").str.strip_chars().fill_null("") != ""
    return _share(leads.filter(has_campaign & (pl.col("primary_channel") != "Other")).height, leads.height)


def attributed(facts: Facts, first: date, last: date, who: str | None, channel: str | None = None) -> float:
    touched = facts["touches"].filter(
        pl.col("invoice_date").is_between(first, last) & (pl.col("sourced_by") == "Marketing")
    )
    if who is not None:
        touched = touched.filter(pl.col("creator") == who)
    if channel is not None:
        touched = touched.filter(pl.col("primary_channel") == channel)
    return float(touched["amount"].sum())


def _spent(facts: Facts, first: date, last: date, channel: str) -> float:
    spend = facts["spend"].filter(pl.col("spend_date").is_between(first, last))
    return float(spend.filter(pl.col("channel") == channel)["amount"].sum())


def cost_per_lead(channel: str) -> Metric:
    def cost(facts: Facts, first: date, last: date, who: str | None) -> float | None:
        leads = _created(facts, first, last, None).filter(pl.col("primary_channel") == channel)
        return _share(_spent(facts, first, last, channel), leads.height, 1)

    return cost


def return_on_spend(channel: str) -> Metric:
    def ratio(facts: Facts, first: date, last: date, who: str | None) -> float | None:
        return _share(attributed(facts, first, last, None, channel), _spent(facts, first, last, channel), 1)

    return ratio


# Assignments

_CONTACT = ("visit", "call", "online_meeting", "email", "whatsapp")


def _actions(facts: Facts) -> pl.DataFrame:
    """lead_id, who, at, is_contact: what anybody did that belongs to a lead."""
    is_contact = (pl.col("direction") == "outbound") & pl.col("activity_type").is_in(_CONTACT)
    done = facts["activities"].filter(pl.col("at").is_not_null()).with_columns(is_contact.alias("is_contact"))
    through_prospect = pl.concat(
        [
            done.filter(pl.col("lead_id").is_null()).select("prospect_id", "who", "at", "is_contact"),
            facts["stages"]
            .filter(pl.col("from_stage").is_not_null())
            .select("prospect_id", "who", "at", pl.lit(False).alias("is_contact")),
        ]
    )
    customers = facts["prospects"].select("prospect_id", "customer_id")
    leads = facts["leads"].select("lead_id", "customer_id")
    columns = ("lead_id", "who", "at", "is_contact")
    moves = facts["moves"].filter(pl.col("changed_fields").list.contains("status"))
    return pl.concat(
        [
            done.filter(pl.col("lead_id").is_not_null()).select(columns),
            through_prospect.join(customers, on="prospect_id").join(leads, on="customer_id").select(columns),
            moves.with_columns((pl.col("status") == "Contacted").alias("is_contact")).select(columns),
        ]
    )


def _assigned(facts: Facts, first: date, last: date, who: str | None) -> pl.DataFrame:
    """assigned_at, action, contact of each assignment."""
    all_of_them = (
        facts["assignments"]
        .sort("lead_id", "assignment_id")
        .with_columns(pl.col("assigned_at").shift(-1).over("lead_id").alias("until"))
        .filter(pl.col("who").is_not_null() & _local_day("assigned_at").is_between(first, last))
    )
    if who is not None:
        all_of_them = all_of_them.filter(pl.col("who") == who)
    acted = (
        all_of_them.join(_actions(facts), on=["lead_id", "who"])
        .filter(
            (pl.col("at") > pl.col("assigned_at"))
            & (pl.col("until").is_null() | (pl.col("at") < pl.col("until")))
        )
        .group_by("assignment_id")
        .agg(
            pl.col("at").min().alias("action"),
            pl.col("at").filter(pl.col("is_contact")).min().alias("contact"),
        )
    )
    return all_of_them.join(acted, on="assignment_id", how="left")


def _assignments(measure: Callable[[pl.DataFrame], float | None]) -> Metric:
    return lambda facts, first, last, who: measure(_assigned(facts, first, last, who))


def _median_minutes(spans: pl.Series) -> float | None:
    median = spans.drop_nulls().dt.total_microseconds().median()
    return None if median is None else float(median) / 60e6  # type: ignore[arg-type]


# Activities and tickets


def _activities(activity_type: str) -> Metric:
    def count(facts: Facts, first: date, last: date, who: str | None) -> float:
        done = facts["activities"].filter(
            (pl.col("activity_type") == activity_type)
            & (pl.col("direction") == "outbound")
            & _local_day("at").is_between(first, last)
        )
        return (done if who is None else done.filter(pl.col("who") == who)).height

    return count


def answer_time(facts: Facts, first: date, last: date, who: str | None) -> float | None:
    inquiries = facts["tickets"].filter(
        (pl.col("ticket_type") == "inquiry tariff") & _local_day("created_at").is_between(first, last)
    )
    if who is not None:
        inquiries = inquiries.filter(pl.col("who") == who)
    answers = facts["events"].filter(pl.col("event_type") == "FIRST_RESPONSE")
    waited = inquiries.join(answers, on="ticket_id")
    return _median_minutes(waited["event_at"] - waited["created_at"])


METRICS: dict[str, Metric] = {
    "SALES_REVENUE": revenue,
    "SALES_REVENUE_GROWTH_PCT": growth(revenue),
    "SALES_NEW_LOGOS": new_logos,
    "SALES_NEW_LOGOS_GROWTH_PCT": growth(new_logos),
    "SALES_ACTIVE_CUSTOMERS": lambda *asked: len(active(*asked)),
    "SALES_RETENTION_RATE": retention,
    "SALES_CHURN_RATE": churn,
    "SALES_INQUIRY_FIRST_RESPONSE_MEDIAN_MIN": answer_time,
    "SALES_DSO_DAYS": dso,
    "SALES_OVERDUE_AR": overdue,
    "SALES_LEADS_ASSIGNED": _assignments(lambda a: a.height),
    "SALES_LEADS_ACCEPTED": _assignments(lambda a: a["action"].count()),
    "SALES_LAR": _assignments(lambda a: _share(a["action"].count(), a.height)),
    "SALES_FIRST_CONTACT_RATE": _assignments(lambda a: _share(a["contact"].count(), a.height)),
    "SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN": _assignments(
        lambda a: _median_minutes(a["action"] - a["assigned_at"])
    ),
    "SALES_LEADS_CREATED_OUTBOUND": outbound,
    "SALES_ACTIVITY_VISIT": _activities("visit"),
    "SALES_ACTIVITY_CALL": _activities("call"),
    "SALES_ACTIVITY_ONLINE_MEETING": _activities("online_meeting"),
    "SALES_ACTIVITY_EMAIL": _activities("email"),
    "SALES_ACTIVITY_WA_OUTBOUND": _activities("whatsapp"),
    "MKT_LEADS_BY_CHANNEL": lambda *asked: _created(*asked).height,
    "MKT_REVENUE_ATTRIBUTED": attributed,
    "MKT_ATTRIBUTION_COMPLETENESS_PCT": completeness,
    "MARCOMM_SEM_CPL": cost_per_lead("SEM"),
    "MARCOMM_ROAS": return_on_spend("SEM"),
    "DGO_PAID_SOCIAL_CPL": cost_per_lead("Paid Social"),
    "DGO_ROAS": return_on_spend("Paid Social"),
}
"""Every AUTO metric but the three that cannot be computed."""
