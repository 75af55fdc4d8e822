"""Taking an import back over HTTP, in chunks, and saying what was left alone."""

import pytest
from organisation import LEAD, Organisation, problem

COLUMNS = (
    "company_name",
    "pic_name",
    "contact_phone",
    "email",
    "city_area",
    "service_code",
    "primary_channel",
)


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


def a_file(count: int, word: str) -> str:
    rows = [
        f"PT {word} {n},Pic {n},0812{n:04}{len(word):04},{word}{n}@x.test,Jakarta,DOM_LTL,SEM"
        for n in range(count)
    ]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def imported(person, content: str) -> int:
    import_id = person.upload(content).json()["import_id"]
    done = person.http.post(f"/api/imports/{import_id}/process").json()
    assert done["status"] == "completed", done
    return import_id


def counts(organisation) -> tuple[int, ...]:
    tables = ("crm.leads", "crm.prospects", "crm.customers", "crm.contacts", "crm.customer_keys")
    return tuple(organisation.count(table) for table in tables)


def test_an_import_is_taken_back_but_what_was_edited(organisation):
    person = organisation.person()
    person.http.post("/api/leads", json=LEAD)
    before = counts(organisation)

    content = a_file(700, "Satu")
    import_id = imported(person, content)
    assert counts(organisation)[0] == before[0] + 700
    assert problem(person.http.get(f"/api/imports/{import_id}/undo"))["code"] == "import.undo.not_found"
    undone = person.http.post(f"/api/imports/{import_id}/undo")
    assert undone.status_code == 200, undone.text
    assert (undone.json()["status"], undone.json()["removed_rows"]) == ("undone", 3 * 700)
    assert counts(organisation) == before
    assert person.http.post(f"/api/imports/{import_id}/undo").json() == undone.json()
    assert person.http.get(f"/api/imports/{import_id}").json()["undone_at"]

    again = imported(person, content)
    assert again != import_id
    (lead,) = person.http.get("/api/leads?limit=1").json()["items"]
    changed = person.http.patch(f"/api/leads/{lead['lead_id']}", json={"notes": "Called."})
    assert changed.status_code == 200, changed.text
    person.http.post(f"/api/imports/{again}/undo")
    shown = person.http.get(f"/api/imports/{again}/undo").json()
    assert [(item["target_id"], item["reason"]) for item in shown["items"]] == [(lead["lead_id"], "changed")]
    assert (shown["refused_rows"], shown["next"]) == (1, None)
    assert counts(organisation)[:4] == tuple(n + 1 for n in before[:4])
    assert person.http.get(f"/api/leads/{lead['lead_id']}").json()["notes"] == "Called."


def test_nobody_else_takes_it_back(organisation):
    person = organisation.person()
    import_id = imported(person, a_file(3, "Dua"))
    path = f"/api/imports/{import_id}/undo"
    assert problem(organisation.person("marcomm", "MKT").http.post(path))["code"] == "import.not_found"
    assert problem(organisation.person("director", "DIR").http.post(path))["code"] == "permission.denied"
    stranger = Organisation(organisation.admin_url, organisation.bff)
    assert problem(stranger.person().http.post(path))["code"] == "import.not_found"
    stranger.close()
    assert organisation.sql("select count(*) from crm.leads where source_import_id = %s", import_id) == [(3,)]
