"""The dashboard over HTTP: each person gets the blocks that are theirs, of the period they name."""

import pytest
from organisation import LEAD, Organisation, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


def test_a_marketing_manager_watches_leads_and_what_they_cost(organisation):
    manager = organisation.person("marketing_manager")
    assert manager.http.post("/api/leads", json=LEAD).status_code == 201
    day = manager.http.get("/api/dashboard").json()["today"]
    spend = {"channel": "SEM", "amount": 150000.5, "spend_date": day}
    assert manager.http.post("/api/marketing/spend", json=spend).status_code == 201

    found = manager.http.get("/api/dashboard", params={"date_from": day, "date_to": day})
    assert found.status_code == 200, found.text
    board = found.json()
    assert (board["date_from"], board["date_to"]) == (day, day)
    blocks = board["blocks"]
    assert set(blocks) == {"leads_by_channel", "spend", "cost_per_lead", "attributed_revenue"}
    assert blocks["leads_by_channel"]["items"] == [{"primary_channel": "SEM", "leads_count": 1}]
    assert blocks["spend"]["spend_idr"] == 150000.5
    (cost,) = blocks["cost_per_lead"]["items"]
    assert (cost["value"], cost["status"]) == (150000.5, "OK")
    assert blocks["attributed_revenue"]["value"] == 0


def test_finance_gets_the_money_alone_and_sales_support_nothing(organisation):
    """Case 154."""
    assert organisation.person("finance", "FIN").http.get("/api/dashboard").json()["blocks"] == {
        "receivables": {"items": [], "dso": []}
    }
    refused = organisation.person("sales_support", "SAL").http.get("/api/dashboard")
    assert refused.status_code == 403
    assert problem(refused)["code"] == "permission.denied"


@pytest.mark.parametrize(
    ("period", "fault"),
    [
        ({"date_from": "soon"}, {"date_from": "request.date"}),
        ({"date_from": "2026-04-02", "date_to": "2026-04-01"}, {"date_to": "dashboard.date_to.range"}),
        ({"date_from": "2020-04-02", "date_to": "2026-04-01"}, {"date_to": "dashboard.date_to.range"}),
        ({"from": "2026-04-02"}, {"from": "request.extra_forbidden"}),
    ],
)
def test_a_period_that_is_none_is_refused_by_field(organisation, period, fault):
    refused = organisation.person("director", "DIR").http.get("/api/dashboard", params=period)
    assert refused.status_code == 422
    assert codes(refused) == fault


def test_a_director_gets_everything_of_the_own_organisation_alone(organisation, database, bff):
    assert len(organisation.person("director", "DIR").http.get("/api/dashboard").json()["blocks"]) == 12
    other = Organisation(database, bff)
    blocks = other.person("director", "DIR").http.get("/api/dashboard").json()["blocks"]
    other.close()
    assert blocks["leads_by_channel"] == {"leads_count": 0, "items": []}
    assert blocks["leads"]["by_status"] == []
