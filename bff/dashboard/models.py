"""Shapes of the dashboard. Each block has the members that its own screen has, under the same names.

Amounts are in IDR where the name says so, else in the currency that stands beside them.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bff.ar.models import DsoOfDay, OwedInSum
from bff.desk.models import TicketStatus, TicketType
from bff.kpi.models import KpiActual, KpiProgress
from bff.models import Answer, Day, Request

Known = Literal["OK", "NA"]
WhyNot = Annotated[str | None, Field(description="Why it is not known; null where it is.")]


class DashboardPeriod(Request):
    """This month where nothing is said; at most 366 days."""

    date_from: Annotated[Day | None, Field(description="Default: the first day of that month.")] = None
    date_to: Annotated[Day | None, Field(description="The last day; default: that of the month.")] = None


class ChannelLeads(Answer):
    primary_channel: str
    leads_count: int


class LeadsByChannel(Answer):
    leads_count: int
    items: list[ChannelLeads]


class ChannelSpend(Answer):
    primary_channel: str
    spend_idr: float


class Spend(Answer):
    spend_idr: float
    items: list[ChannelSpend]


class ChannelCost(Answer):
    primary_channel: str
    spend_idr: float
    leads_count: int
    value: Annotated[float | None, Field(description="IDR per lead of the period.")]
    status: Known
    reason: WhyNot


class CostPerLead(Answer):
    """Channels on which something was spent."""

    items: list[ChannelCost]


class LeadsOfStatus(Answer):
    status: str
    lead_count: int
    assigned_count: int
    unassigned_count: int


class Leads(Answer):
    created: Annotated[KpiActual, Field(description="In the period.")]
    by_status: Annotated[list[LeadsOfStatus], Field(description="Now, whenever they were created.")]


class Targets(Answer):
    """Those that share a day with the period, the 50 newest."""

    items: list[KpiProgress]
    has_more: bool


class Revenue(Answer):
    revenue_idr: float


class NewLogos(Answer):
    new_logos: int


class ActivitiesOfType(Answer):
    activity_type: str
    activity_count: int


class Activities(Answer):
    activity_count: int
    items: list[ActivitiesOfType]


class RollingDso(DsoOfDay):
    status: Known
    reason: WhyNot


class Receivables(Answer):
    """Today, per currency."""

    items: list[OwedInSum]
    dso: list[RollingDso]


class TicketsOfStatus(Answer):
    dept_target: str
    ticket_type: TicketType
    status: TicketStatus
    tickets: Annotated[int, Field(description="Now, whenever they were opened.")]
    opened_in_period: int


class TicketsByStatus(Answer):
    items: list[TicketsOfStatus]


class ResponseOfType(Answer):
    dept_target: str
    ticket_type: TicketType
    answered: int
    unanswered: int
    median_first_response_minutes: float | None
    status: Known
    reason: WhyNot


class FirstResponse(Answer):
    """Of tickets that were opened in the period."""

    items: list[ResponseOfType]


class Blocks(Answer):
    """What the role of the caller is given; any other block is absent."""

    leads_by_channel: LeadsByChannel | None = None
    spend: Spend | None = None
    cost_per_lead: CostPerLead | None = None
    attributed_revenue: KpiActual | None = None
    leads: Leads | None = None
    targets: Targets | None = None
    revenue: Revenue | None = None
    new_logos: NewLogos | None = None
    activities: Activities | None = None
    receivables: Receivables | None = None
    tickets_by_status: TicketsByStatus | None = None
    first_response: FirstResponse | None = None


class Dashboard(Answer):
    date_from: date
    date_to: date
    today: date
    blocks: Blocks
