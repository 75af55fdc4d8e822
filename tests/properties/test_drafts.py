"""Whatever JSON object somebody sends as a lead: it is refused with reasons or it can be written."""

import json
from typing import Any

import psycopg
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

FIELDS = (
    *(
        "company_name",
        "pic_name",
        "contact_phone",
        "email",
        "city_area",
        "service_code",
        "primary_channel",
        "npwp",
    ),
    *(
        "country",
        "route",
        "est_volume_value",
        "est_volume_unit",
        "timeline",
        "campaign_name",
        "notes",
        "lead_date",
    ),
    *("sourced_by", "next_step", "due_date", "sales_owner_user_id", "need_rfq"),
    *(
        "rfq_dept_target",
        "rfq_origin_address",
        "rfq_origin_city",
        "rfq_origin_country",
        "rfq_destination_address",
    ),
    *("rfq_destination_city", "rfq_destination_country", "rfq_cargo_category", "rfq_cargo_qty"),
    *("rfq_cargo_dimensions", "rfq_cargo_weight", "rfq_scope_of_work"),
)

# jsonb refuses NUL and half a surrogate pair before any function of ours sees them.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NUMBER = st.one_of(
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, 0.1, 1e-7, 1e300, 999999999999999.999999, 10**15]),
)
ODDITY = st.sampled_from(
    [
        *(
            "",
            " ",
            "\u00a0",
            "null",
            "NaN",
            "Infinity",
            "1e5",
            "0x10",
            "-1",
            "1,5",
            "1.",
            ".5",
            "+1",
            "00000.000001",
        ),
        *(
            "2031-02-29",
            "0001-01-01",
            "2999-12-31",
            "9999-12-31",
            "2025-13-01",
            "2025-1-1",
            "today",
            "infinity",
        ),
        *("a@b", "a@b.c", "@b.c", "a@.c", "a@b.c@d.e", "a b@c.d", "ü@ñ.é", "\u2003@x.y"),
        *(
            "012345678901000",
            "0123456789010000",
            "01.234.567.8-901.000",
            "0812",
            "+62 812 3456 789",
            "000000",
            "0000000",
        ),
        *(
            "EXI_AF",
            " EXI_AF ",
            "exi_af",
            "SEM",
            "sem",
            "Website (Direct/Referral)",
            "Sales",
            "Call",
            "EXI",
            "DOM",
        ),
        *("a0000000-0000-4000-8000-000000000009", "A0000000-0000-4000-8000-000000000009", "{a0000000}"),
        *("...", ".,.,", "\t", "\u200b", "\ufeff", "x" * 255, "x" * 256, "x" * 5001, "\U0001f600" * 255),
    ]
)
SCALAR = st.one_of(st.none(), st.booleans(), NUMBER, TEXT, ODDITY)
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=5
)

GOOD: dict[str, Any] = {
    "company_name": "PT Baik",
    "pic_name": "Budi",
    "contact_phone": "0812 3456 789",
    "email": "budi@baik.example",
    "city_area": "Jakarta",
    "service_code": "EXI_AF",
    "primary_channel": "SEM",
}
JUNK = st.dictionaries(st.one_of(st.sampled_from(FIELDS), TEXT), JSON, max_size=12)
NEARLY_GOOD = st.dictionaries(
    st.sampled_from([f for f in FIELDS if not f.startswith("rfq_")]), st.one_of(SCALAR, ODDITY), max_size=4
).map(lambda changes: GOOD | changes)
RFQ = {
    "need_rfq": True,
    **{f: "x" for f in FIELDS if f.startswith("rfq_")},
    "rfq_dept_target": "EXI",
    "rfq_cargo_qty": 1,
    "rfq_cargo_weight": "2.5",
}
NEARLY_RFQ = st.dictionaries(
    st.sampled_from([f for f in FIELDS if f.startswith("rfq_")]), st.one_of(SCALAR, ODDITY), max_size=4
).map(lambda changes: GOOD | RFQ | changes)

READ = """
    select
        (select to_jsonb(d) from crm.draft_leads('{1}', array[%(input)s::jsonb], null, r.rules) d),
        crm.unknown_lead_fields(%(input)s),
        crm.draft_rfq(%(input)s, r.rules)
    from (select crm.lead_rules(tap.uid('mm@alpha.test')) as rules) r
"""


@given(st.one_of(JUNK, NEARLY_GOOD, NEARLY_RFQ))
@example({})
@example({"company_name": {"a": []}, "": None, "need_rfq": "yes"})
@settings(max_examples=150)
def test_any_object_is_read_without_an_error(connection: psycopg.Connection, payload: dict[str, Any]) -> None:
    found = connection.execute(READ, {"input": Jsonb(payload)}).fetchone()
    assert found is not None
    read, unknown, rfq = found
    for problem in (*read["problems"], *unknown, *rfq["problems"]):
        assert set(problem) == {"field", "code", "message"}
        assert problem["code"].startswith("lead.")
        assert len(problem["message"]) < 200, "a message does not repeat what was typed"
    faulty = {p["field"] for p in read["problems"]}
    required = list(GOOD)
    for field in required:
        assert field in faulty or read["draft"].get(field), f"{field} is neither wrong nor there"
    assert {f for f in payload if f not in FIELDS} <= {p["field"] for p in unknown} or any(
        len(f) > 100 for f in payload
    )


@given(st.one_of(NEARLY_GOOD, NEARLY_RFQ, JUNK))
@example(GOOD | {"company_name": "..."})
@example(GOOD | {"company_name": "\u200b", "email": "ü@ñ.é", "npwp": "012345678901000"})
@example(
    GOOD | {"est_volume_value": "999999999999999.999999", "due_date": "2999-12-31", "lead_date": "1000-01-01"}
)
@example(GOOD | RFQ | {"service_code": " EXI_AF ", "rfq_dept_target": "HRD"})
@example(GOOD | {"sales_owner_user_id": "A0000000-0000-4000-8000-000000000009"})
@settings(max_examples=150)
def test_what_is_not_refused_can_be_written(connection: psycopg.Connection, payload: dict[str, Any]) -> None:
    """Through the api: either PT422 with the fields, or a lead whose words are those that were typed."""
    with connection.transaction(force_rollback=True):
        connection.execute("select tests.become('mm@alpha.test')")
        refusal: psycopg.Error | None = None
        found = None
        try:
            with connection.transaction():
                found = connection.execute(
                    "select api.crm_create_lead_bundle(%s)", [Jsonb(payload)]
                ).fetchone()
        except psycopg.Error as error:
            refusal = error
        if refusal is not None:
            diagnosis = refusal.diag
            assert (diagnosis.sqlstate, diagnosis.message_hint) == ("PT422", "request.invalid"), refusal
            assert json.loads(diagnosis.message_detail or ""), "it says which fields"
            return
        assert found is not None
        stored = connection.execute(
            "select to_jsonb(l) from api.leads l where l.lead_id = %s", [found[0]["lead_id"]]
        ).fetchone()
        assert stored is not None
        for field in GOOD:
            assert stored[0][field] == payload[field].strip(" \t\r\n\u00a0")
