"""The comparable forms of SQL against an independent reading of the same rules (spec: command_center §3.1),
and against the `phonenumbers` library for Indonesian numbers."""

import re
from collections.abc import Sequence

import phonenumbers
import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

EXAMPLES = 100
BATCH = 50
"""Texts of one example: a round trip costs more than a key."""

# Letters whose lower case is one letter in every version of Unicode; what spreadsheets paste; signs.
TEXTS = st.text(
    st.one_of(
        st.characters(max_codepoint=0x7F, exclude_characters="\0"),
        st.sampled_from("ÀÉÎÕÜàéîõüßñ\u00a0\u2003€–"),
        st.sampled_from("0123456789"),
        st.sampled_from(" .,-+()/"),
    ),
    max_size=30,
)


def asked(connection: psycopg.Connection, call: str, texts: Sequence[str]) -> list[str | None]:
    """What `call` (an expression over t) makes of each text."""
    return [
        row[0]
        for row in connection.execute(
            f"select {call} from unnest(%s::text[]) with ordinality as x (t, n) order by n", [list(texts)]
        )
    ]


def digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def npwp_key(text: str) -> str | None:
    number = digits(text)
    return "0" + number if len(number) == 15 else number or None


def email_key(text: str) -> str | None:
    return text.strip(" \t\r\n\u00a0").lower() or None


def phone_key(text: str, calling_code: str) -> str | None:
    number = digits(text)
    if number.startswith("00"):
        number = number[2:]
    if len(number) < 6:
        return None
    return calling_code + number[1:] if number.startswith("0") else number


def company_key(text: str) -> str | None:
    return (
        re.sub("[ \t\n\v\f\r\u00a0\u2003]+", " ", text.lower().replace(".", "").replace(",", "")).strip(" ")
        or None
    )


@given(st.lists(TEXTS, min_size=1, max_size=BATCH))
@example(["", " ", "01.234.567.8-901.000", "0012345678901000"])
@settings(max_examples=EXAMPLES)
def test_npwp_keys_are_as_an_independent_reading_says(
    connection: psycopg.Connection, texts: list[str]
) -> None:
    assert asked(connection, "crm.npwp_key(t)", texts) == [npwp_key(t) for t in texts]


@given(st.lists(TEXTS, min_size=1, max_size=BATCH))
@settings(max_examples=EXAMPLES)
def test_email_keys_are_as_an_independent_reading_says(
    connection: psycopg.Connection, texts: list[str]
) -> None:
    assert asked(connection, "crm.email_key(t)", texts) == [email_key(t) for t in texts]


@given(st.lists(TEXTS, min_size=1, max_size=BATCH), st.sampled_from(["62", "65", "971"]))
@example(["0812 3456 789", "+62812", "0062812345", "000812345", "12345", "001234"], "62")
@settings(max_examples=EXAMPLES)
def test_phone_keys_are_as_an_independent_reading_says(
    connection: psycopg.Connection, texts: list[str], calling_code: str
) -> None:
    assert asked(connection, f"crm.phone_key(t, '{calling_code}')", texts) == [
        phone_key(t, calling_code) for t in texts
    ]


@given(st.lists(TEXTS, min_size=1, max_size=BATCH))
@example(["PT. Maju, Tbk", "  pt\tmaju  tbk", "...", "A.B"])
@settings(max_examples=EXAMPLES)
def test_company_keys_are_as_an_independent_reading_says(
    connection: psycopg.Connection, texts: list[str]
) -> None:
    assert asked(connection, "crm.company_key(t)", texts) == [company_key(t) for t in texts]


@pytest.mark.parametrize(
    "call", ["crm.npwp_key({})", "crm.email_key({})", "crm.phone_key({}, '62')", "crm.company_key({})"]
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=BATCH))
@settings(max_examples=EXAMPLES // 2)
def test_the_key_of_a_key_is_the_key(connection: psycopg.Connection, texts: list[str], call: str) -> None:
    once = call.format("t")
    assert asked(connection, call.format(once), texts) == asked(connection, once, texts)


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """An Indonesian number that `phonenumbers` calls valid, as somebody writes it: 0…, +62… or (021)…"""
    national = draw(
        st.one_of(
            st.from_regex(r"8[1-9][0-9]{7,9}", fullmatch=True),
            st.from_regex(r"(21|22|31)[2-9][0-9]{6,7}", fullmatch=True),
        ).filter(lambda n: phonenumbers.is_valid_number(phonenumbers.parse(f"+62{n}")))
    )
    head, body = draw(st.sampled_from([("0", national), ("+62 ", national), ("+62-", national)]))
    separator = draw(st.sampled_from(["", " ", "-", "."]))
    cut = draw(st.integers(3, 6))
    written = f"{head}{body[:2]}{separator}{body[2:cut]}{separator}{body[cut:]}"
    return f"({written[:3]}) {written[3:]}" if head == "0" and draw(st.booleans()) else written


@given(st.lists(written_numbers(), min_size=1, max_size=BATCH))
@settings(max_examples=EXAMPLES // 5)
def test_phone_keys_are_what_phonenumbers_makes_of_indonesian_numbers(
    connection: psycopg.Connection, texts: list[str]
) -> None:
    expected = [
        phonenumbers.format_number(phonenumbers.parse(t, "ID"), phonenumbers.PhoneNumberFormat.E164)[1:]
        for t in texts
    ]
    assert asked(connection, "crm.phone_key(t, '62')", texts) == expected
