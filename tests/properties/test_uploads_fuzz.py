"""Files that no program has written: whatever bytes arrive, they are taken whole or refused with a reason."""

import io
import zipfile
from functools import cache
from pathlib import Path

import httpx
import psycopg
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.people import People

ROWS = [
    ["company_name", "pic_name", "contact_phone", "email", "city_area", "service_code", "primary_channel"],
    ["PT Satu", "Sari", "0840-1234", "a@satu.example", "Bogor", "EXI_AF", "SEM"],
    ["PT Dua", 'Budi "B"', "+62 840 999", "b@dua.example", "Solo", "DOM_LTL", "Other"],
    ["PT Tiga", "李", "0840", "c@tiga.example", "Line\nbreak", "?", "SEM"],
]


@cache
def workbook() -> bytes:
    """A small one, with a number, a date's worth of style and a formula beside its texts."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.write_number(4, 2, 8401234, book.add_format({"num_format": "yyyy"}))
        sheet.write_formula(4, 0, '="PT "&"Empat"', value="PT Empat")
    return content.getvalue()


@cache
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def text() -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS).encode()


def zipped(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return out.getvalue()


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with a piece cut out, overwritten, repeated or put in."""
    start = draw(st.integers(0, len(whole)))
    end = min(len(whole), start + draw(st.one_of(st.integers(0, 8), st.integers(0, len(whole)))))
    piece = draw(
        st.one_of(
            st.binary(max_size=12), st.sampled_from([b"\0", b'"', b"\xff\xfe", b"\r", b";;", b"999999999"])
        )
    )
    return (
        whole[:start]
        + draw(st.sampled_from([b"", piece, piece + whole[start:end], whole[start:end] * 3]))
        + whole[end:]
    )


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """An archive that can be opened, one of whose parts is not as it should be, is missing or is strange."""
    contents = dict(parts())
    name = draw(st.sampled_from(sorted(contents)))
    match draw(st.sampled_from(["damaged", "damaged", "missing", "random", "numbers", "strange"])):
        case "damaged":
            contents[name] = draw(damaged(contents[name]))
        case "missing":
            del contents[name]
        case "random":
            contents[name] = draw(st.binary(max_size=300))
        case "numbers":
            sheet = "xl/worksheets/sheet1.xml"
            old = draw(
                st.sampled_from(
                    [b'r="A1"', b'r="G4"', b'r="1"', b'r="4"', b't="s"', b"<v>3</v>", b'ref="A1:G5"']
                )
            )
            new = draw(
                st.sampled_from(
                    [
                        b'r="XFD1048576"',
                        b'r="A0"',
                        b'r=""',
                        b'r="1048577"',
                        b't="e"',
                        b"<v>1e999</v>",
                        b"<v>-7</v>",
                        b'ref="A1:XFD1048576"',
                    ]
                )
            )
            contents[sheet] = contents[sheet].replace(old, new)
        case _:
            contents[
                draw(
                    st.sampled_from(
                        ["../../x", "xl/vbaProject.bin", "a/" * 50 + "b", "\u202ex", "_rels/.rels2"]
                    )
                )
            ] = b"x"
    return zipped(contents)


FILES = st.one_of(
    st.tuples(
        st.just(".csv"),
        st.one_of(st.binary(max_size=400), damaged(text()), damaged(text().decode().encode("utf-16"))),
    ),
    st.tuples(st.sampled_from([".xlsx", ".xls"]), st.one_of(st.binary(max_size=100), st.just(text()))),
    st.tuples(st.sampled_from([".xlsx", ".xlsx", ".csv"]), damaged(workbook())),
    st.tuples(st.just(".xlsx"), workbooks()),
    st.tuples(
        st.just(".xls"), st.binary(max_size=2000).map(lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b)
    ),
)


@pytest.fixture(scope="module")
def client(login, people: People) -> httpx.Client:
    return login(people["mm"].email)


def kept(database: str, home: Path) -> tuple[int, int, int, int]:
    """How many imports there are, files with a row, rows, stored files."""
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "select (select count(*) from ingest.imports), (select count(*) from app.files),"
            " (select count(*) from ingest.import_rows)"
        ).fetchone()
    assert row is not None
    return (*row, sum(1 for path in (home / "files").rglob("*") if path.is_file()))


@settings(max_examples=80)
@given(file=FILES)
def test_any_bytes_are_taken_whole_or_refused_with_nothing_kept(
    client: httpx.Client, database: str, bff_home: Path, file: tuple[str, bytes]
) -> None:
    suffix, content = file
    before = kept(database, bff_home)
    answer = client.post(
        "/api/imports", data={"module": "leads"}, files={"file": (f"fuzz{suffix}", content)}, timeout=60
    )
    after = kept(database, bff_home)
    body = answer.json()
    if answer.status_code in (200, 201):
        added = 1 if answer.status_code == 201 else 0
        assert body["status"] == "uploaded"
        assert after == (
            before[0] + added,
            before[1] + added,
            before[2] + added * body["total_rows"],
            before[3] + added,
        )
        assert body["total_rows"] > 0
    else:
        assert answer.status_code in (413, 415, 422), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert body["errors"][0]["code"].startswith("import."), answer.text
        assert after == before
