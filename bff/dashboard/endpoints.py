"""The route of the dashboard."""

from bff.dashboard import models
from bff.routing import Route

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/dashboard", function="app_dashboard", query=models.DashboardPeriod,
          answer=models.Dashboard, permission="dashboard:select",
          tag="dashboard", summary="The numbers that are the caller's to watch, in one answer"),
)  # fmt: skip
