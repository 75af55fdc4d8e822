"""Files of leads over HTTP: in once, row by row, with nothing lost and nothing left behind."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from organisation import LEAD, Organisation, Person, codes, problem
from psycopg.conninfo import conninfo_to_dict

from tests.support.serving import serving
from tests.support.workbooks import workbook


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(organisation) -> Person:
    return organisation.person()


def stored(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def csv_of(count: int, *extra: str) -> str:
    """`count` good rows of companies nobody else has, then the extra lines as they are."""
    lines = [",".join(LEAD)]
    for _ in range(count):
        word = uuid4().hex[:12]
        row = LEAD | {
            "company_name": f"PT {word}",
            "email": f"{word}@x.test",
            "contact_phone": f"+62 {int(word, 16)}"[:16],
        }
        lines.append(",".join(row.values()))
    return "\n".join([*lines, *extra]) + "\n"


def adds_up(answer: dict) -> bool:
    parts = ("success_rows", "error_rows", "skipped_rows", "duplicate_rows", "pending_rows")
    return answer["total_rows"] == sum(answer[part] for part in parts)


def test_a_file_becomes_leads_with_an_error_for_each_bad_row(organisation, person):
    before = organisation.count("crm.leads")
    content = csv_of(
        3, "", "PT Short,only two", '"PT Quo"te,x,x,x,x,x,x', "PT Bad,Ana,081255501,nomail,Bali,NOPE,SEM"
    )
    response = person.upload(content, name="Kunden März.csv")
    assert response.status_code == 201
    created = response.json()
    assert created["status"] == "uploaded"
    assert created["total_rows"] == 6
    assert created["duplicate_of"] is None
    assert created["file_name"] == "Kunden März.csv"
    import_id = created["import_id"]

    done = person.http.post(f"/api/imports/{import_id}/process")
    assert done.status_code == 200
    assert done.json()["status"] == "completed"
    assert (done.json()["success_rows"], done.json()["error_rows"]) == (3, 3)
    assert adds_up(done.json())
    assert organisation.count("crm.leads") == before + 3

    faulty = person.http.get(f"/api/imports/{import_id}/rows", params={"status": "error"}).json()["items"]
    assert [(row["row_no"], row["errors"][0]["code"]) for row in faulty[:2]] == [
        (6, "row.too_short"),
        (7, "row.unreadable"),
    ]
    assert {error["field"] for error in faulty[2]["errors"]} >= {"email", "service_code"}
    assert faulty[2]["row_no"] == 8
    assert faulty[2]["row_data"]["company_name"] == "PT Bad"


def test_processing_again_changes_nothing(organisation, person):
    import_id = person.upload(csv_of(2)).json()["import_id"]
    first = person.http.post(f"/api/imports/{import_id}/process")
    before = organisation.count("crm.leads")
    again = person.http.post(f"/api/imports/{import_id}/process")
    assert again.json() == first.json()
    assert person.http.post(f"/api/imports/{import_id}/retry").json()["success_rows"] == 2
    assert organisation.count("crm.leads") == before


def test_the_same_file_again_is_the_same_import(organisation, person, bff_home):
    content = csv_of(2)
    first = person.upload(content)
    files = stored(bff_home)
    again = person.upload(content, name="renamed.csv")
    assert again.status_code == 200
    assert again.json()["duplicate_of"] == first.json()["import_id"] == again.json()["import_id"]
    assert stored(bff_home) == files
    other = organisation.person()
    assert other.upload(content).status_code == 201


def test_a_key_makes_the_repetition_of_an_upload_its_first_answer(organisation, person, bff_home):
    content, key = csv_of(2, "PT Short,x"), str(uuid4())
    first = person.upload(content, Idempotency_Key=key)
    person.http.post(f"/api/imports/{first.json()['import_id']}/process")
    files = stored(bff_home)
    again = person.upload(content, Idempotency_Key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content

    before = organisation.count("ingest.imports")
    other = person.upload(csv_of(1), Idempotency_Key=key)
    assert other.status_code == 422
    assert problem(other)["code"] == "idempotency.payload_mismatch"
    assert organisation.count("ingest.imports") == before
    assert stored(bff_home) == files


def test_eight_uploads_of_one_file_at_once_are_one_import(organisation, person, bff_home):
    content = csv_of(50)
    imports, files = organisation.count("ingest.imports"), len(stored(bff_home))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: person.upload(content), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["import_id"] for answer in answers}) == 1
    assert organisation.count("ingest.imports") == imports + 1
    assert len(stored(bff_home)) == files + 1


@pytest.mark.parametrize(
    ("content", "name", "module", "status", "code"),
    [
        ("", "a.csv", "leads", 422, "import.empty"),
        ("a,b\n", "a.csv", "leads", 422, "import.no_rows"),
        ("a,b\n\n \n", "a.csv", "leads", 422, "import.no_rows"),
        (",\n1,2\n", "a.csv", "leads", 422, "import.no_header"),
        ("a,A\n1,2\n", "a.csv", "leads", 422, "import.duplicate_header"),
        (b"a\n\x81\n", "a.csv", "leads", 422, "import.encoding"),
        ("a\n1\n", "a.xlsx", "leads", 415, "import.type"),
        ("a\n1\n", "a.csv.exe", "leads", 415, "import.type"),
        ("a\n1\n", "a.csv", "nothing", 422, "import.module.unknown"),
        ("a\n1\n", "a.csv", "Leads", 422, "import.module.unknown"),
    ],
)
def test_a_file_that_cannot_be_staged_leaves_nothing_behind(
    organisation, person, bff_home, content, name, module, status, code
):
    before = stored(bff_home), organisation.count("ingest.imports"), organisation.count("app.files")
    response = person.upload(content, name, module)
    assert response.status_code == status
    assert code in codes(response).values()
    assert (stored(bff_home), organisation.count("ingest.imports"), organisation.count("app.files")) == before


def test_who_may_not_import_leaves_nothing_behind(organisation, bff_home):
    before = stored(bff_home)
    response = organisation.person("exim_ops", "EXI").upload(csv_of(1))
    assert response.status_code == 403
    assert problem(response)["code"] == "permission.denied"
    assert stored(bff_home) == before


def test_a_file_over_the_limit_is_refused(organisation, server, tmp_path):
    name = conninfo_to_dict(organisation.admin_url)["dbname"]
    limit = 1024 * 1024
    with serving(server.url("pgcrm_bff", str(name)), tmp_path, PGCRM_MAX_UPLOAD_BYTES=str(limit)) as bff:
        person = Organisation(organisation.admin_url, bff).person()
        assert person.upload(b"a\n" + b"x\n" * 1000).status_code == 201
        before = stored(tmp_path)
        for size in (limit + 1, 3 * limit):
            response = person.upload(b"a\n" + b"x" * size)
            assert response.status_code == 413
            assert problem(response)["code"] in ("import.too_large", "request.too_large")
        assert stored(tmp_path) == before
        person.http.close()


@pytest.mark.parametrize(
    ("data", "files", "expected"),
    [
        ({"module": "leads"}, {}, {"file": "request.missing"}),
        ({}, {"file": ("a.csv", "a\n1")}, {"module": "request.missing"}),
        ({"module": "leads", "x": "1"}, {"file": ("a.csv", "a\n1")}, {"x": "request.extra_forbidden"}),
        ({"module": ["leads", "leads"]}, {"file": ("a.csv", "a\n1")}, {"module": "request.duplicate"}),
        ({"module": "le\0ads"}, {"file": ("a.csv", "a\n1")}, {"module": "request.nul"}),
        ({"module": "leads", "file": "text"}, {"x": ("a.csv", "a")}, {"file": "request.type"}),
        ({"module": "leads"}, {"x": ("a.csv", "a")}, {"x": "request.extra_forbidden"}),
    ],
)  # fmt: skip
def test_a_form_and_its_rules(person, data, files, expected):
    response = person.http.post("/api/imports", data=data, files=files or {"other": ("", "")})
    assert response.status_code == 422
    assert expected.items() <= codes(response).items()


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=x", 400),
    ],
)
def test_what_is_no_form(person, media_type, status):
    response = person.http.post("/api/imports", content=b"module=leads", headers={"Content-Type": media_type})
    assert response.status_code == status
    problem(response)


def test_rows_are_paged_in_the_order_of_the_file(person):
    import_id = person.upload(csv_of(7)).json()["import_id"]
    lines, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = person.http.get(f"/api/imports/{import_id}/rows", params=query).json()
        lines += [row["row_no"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert lines == list(range(2, 9))
    assert person.http.get(f"/api/imports/{import_id}/rows?status=success").json() == {
        "items": [],
        "next": None,
    }


def test_the_file_comes_back_to_who_may_see_its_import_and_to_nobody_else(
    organisation, person, database, bff
):
    content = csv_of(2)
    name = "Rückschau; 2026.csv"
    file_id = person.upload(content, name).json()["file_id"]
    got = person.http.get(f"/api/files/{file_id}")
    assert got.status_code == 200
    assert got.text == content
    assert got.headers["content-type"].startswith("text/csv")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "filename*=UTF-8''R%C3%BCckschau%3B%202026.csv" in got.headers["content-disposition"]
    assert got.headers["x-content-type-options"] == "nosniff"
    assert int(got.headers["content-length"]) == len(content.encode())

    other = Organisation(database, bff)
    for stranger in (
        other.person(),
        organisation.person("salesperson", "SAL"),
        organisation.person("marcomm"),
    ):
        response = stranger.http.get(f"/api/files/{file_id}")
        assert response.status_code == 404
        assert problem(response)["code"] == "file.not_found"
    other.close()


def test_a_strangers_import_is_not_there(organisation, person):
    import_id = person.upload(csv_of(1)).json()["import_id"]
    stranger = organisation.person("marcomm")
    for method, path in [("GET", ""), ("GET", "/rows"), ("POST", "/process"), ("POST", "/retry")]:
        response = stranger.http.request(method, f"/api/imports/{import_id}{path}")
        assert response.status_code == 404
        assert problem(response)["code"] == "import.not_found"


def test_after_a_crash_while_staging_processing_reads_the_stored_file_again(organisation, person):
    import_id = person.upload(csv_of(20, "PT Short,x")).json()["import_id"]
    # As a BFF leaves it that was killed after its first batches.
    organisation.sql("delete from ingest.import_rows where import_id = %s and row_no > 12", import_id)
    organisation.sql(
        "update ingest.imports set status = 'staging', total_rows = null, error_rows = 0, staged_rows = 11"
        " where import_id = %s",
        import_id,
    )
    done = person.http.post(f"/api/imports/{import_id}/process").json()
    assert done["status"] == "completed"
    assert (done["total_rows"], done["success_rows"], done["error_rows"]) == (21, 20, 1)


def test_a_crashed_import_whose_file_is_gone_says_so(organisation, person, bff_home):
    before = set(stored(bff_home))
    import_id = person.upload(csv_of(1)).json()["import_id"]
    for path in set(stored(bff_home)) - before:
        path.unlink()
    crashed = "update ingest.imports set status = 'staging', total_rows = null where import_id = %s"
    organisation.sql(crashed, import_id)
    response = person.http.post(f"/api/imports/{import_id}/process")
    assert response.status_code == 409
    assert problem(response)["code"] == "import.file_missing"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_file_is_staged_whole(organisation, person, kind):
    count = 60_000
    table = [["a", "b"], *([str(number), "x" * 20] for number in range(count))]
    content = workbook(table) if kind == "xlsx" else "".join(f"{a},{b}\n" for a, b in table)
    answer = person.upload(content, name=f"long.{kind}").json()
    assert (answer["total_rows"], answer["staged_rows"]) == (count, count)
    found = organisation.sql(
        "select count(*), count(distinct row_data ->> 'a'), min(row_no), max(row_no)"
        " from ingest.import_rows where import_id = %s",
        answer["import_id"],
    )
    assert found == [(count, count, 2, count + 1)]
    stored_file = person.http.get(f"/api/files/{answer['file_id']}").content
    assert stored_file == (content if isinstance(content, bytes) else content.encode())


def test_more_rows_than_a_batch_and_than_a_chunk(person):
    answer = person.upload(csv_of(2_500)).json()
    assert answer["total_rows"] == 2_500
    path = f"/api/imports/{answer['import_id']}"
    while (done := person.http.post(f"{path}/process").json())["status"] == "processing":
        assert adds_up(done)
    assert done["status"] == "completed", done
    assert done["success_rows"] == 2_500


def test_the_process_answers_others_while_a_long_file_is_staged(person):
    content = csv_of(8_000)
    slowest = []
    finished = threading.Event()

    def ask() -> None:
        while not finished.is_set():
            slowest.append(person.http.get("/healthz").elapsed.total_seconds())

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        assert person.upload(content).status_code == 201
    finally:
        finished.set()
        asking.join()
    assert max(slowest) < 1.0


def test_processing_while_the_file_is_still_being_staged_ends_the_same(organisation, person):
    """Somebody uploads the file a second time, and processes it, while the first upload is at work."""
    content = csv_of(2_500)
    before = organisation.count("ingest.imports")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(person.upload, content)
        while organisation.count("ingest.imports") == before:
            pass
        second = person.upload(content)
        assert second.status_code == 200
        path = f"/api/imports/{second.json()['import_id']}/process"
        while (done := person.http.post(path)).json()["status"] == "processing":
            pass
        assert first.result().status_code == 201
    assert done.status_code == 200
    assert (done.json()["status"], done.json()["success_rows"]) == ("completed", 2_500)


def test_a_name_is_only_a_name(person, bff_home):
    answer = person.upload(
        io.BytesIO(csv_of(1).encode()).getvalue(), name="../../etc/passwd\\..\\x.csv"
    ).json()
    assert answer["file_name"] == "x.csv"
    assert all(path.is_relative_to(bff_home / "files" / "import-files") for path in stored(bff_home))
