"""What an organisation has set, and which menus its people have, over HTTP."""

import pytest
from organisation import LEAD, Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def owner(organisation) -> Person:
    return organisation.person()


def values(person: Person) -> dict[str, object]:
    return {item["key"]: item["value"] for item in person.http.get("/api/settings").json()["items"]}


def test_settings_are_changed_all_or_none_and_say_their_ranges(organisation, owner):
    finance = organisation.person("finance", "FIN")
    assert values(finance)["currency"] == "IDR"
    assert finance.http.patch("/api/settings", json={"currency": "SGD"}).status_code == 403
    changed = owner.http.patch("/api/settings", json={"currency": "SGD", "bulk_limit": 50})
    assert changed.status_code == 200, changed.text
    wrong = owner.http.patch("/api/settings", json={"currency": "USD", "bulk_limit": 0, "nothing": 1})
    assert codes(wrong) == {"bulk_limit": "setting.invalid", "nothing": "setting.unknown"}
    assert "1 to 1000" in problem(wrong)["errors"][0]["message"]
    assert (values(owner)["currency"], values(owner)["bulk_limit"]) == ("SGD", 50)
    owner.http.patch("/api/settings", json={"currency": None})
    assert values(owner)["currency"] == "IDR"
    stranger = Organisation(organisation.admin_url, organisation.bff)
    assert values(stranger.person())["bulk_limit"] == 100
    stranger.close()


def test_menus_and_leads_in_numbers(organisation, owner):
    """Case 141: what a role has not is not there."""
    support = organisation.person("sales_support", "SAL")
    assert [menu["label"] for menu in support.http.get("/api/nav").json()["items"]] == ["CRM", "Ticketing"]
    owner.http.post("/api/leads", json=LEAD)
    assert owner.http.get("/api/leads/stats").json() == {
        "items": [{"status": "New", "lead_count": 1, "assigned_count": 0, "unassigned_count": 1}]
    }
    assert support.http.get("/api/leads/stats").json() == {"items": []}
    assert organisation.person("exim_ops", "EXI").http.get("/api/leads/stats").status_code == 403


def test_screens_are_told_the_words_and_moves_that_rules_are_read_from(organisation):
    support = organisation.person("sales_support", "SAL")
    told = support.http.get("/api/reference").json()
    assert len(told["departments"]) == 8
    assert len(told["lead_channels"]) == 11
    moves = {(move["from_status"], move["to_status"]) for move in told["lead_transitions"]}
    assert ("New", "Contacted") in moves
    assert ("New", "Closed Won") not in moves
    allowed = {module["module"] for module in told["import_modules"] if module["may_import"]}
    assert allowed == {"leads", "customers", "contacts"}
    leads = next(module for module in told["import_modules"] if module["module"] == "leads")
    assert {"column_name": "company_name", "is_required": True} in leads["columns"]
    assert [reason["reason"] for reason in told["close_reasons"] if reason["needs_words"]] == ["Other"]
