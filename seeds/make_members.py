"""Writes members.xlsx beside itself: member records as people keep them in spreadsheets.

    python seeds/make_members.py

The same seed gives the same bytes. The sheet has what such sheets have: telephone numbers as `wa.me` links,
account numbers kept as text by an apostrophe, names with notes in brackets, blank cells, blank lines, rows
that are there twice; and, on purpose, telephone numbers that Excel took for numbers, so that their digits
cannot be trusted. The counts it prints are what an import must come to. Everything in it is invented.
"""

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

HERE = Path(__file__).resolve().parent
SEED = 20250201

ROWS = 5_250
REPEATED = 0.0115
"""Share of rows that stand earlier in the sheet, cell for cell."""
FAULTY = 0.015
"""Share of rows that cannot be imported."""
ODD_EACH = 3
"""Rows for each oddity that an import takes as it is."""
BLANK_LINES = 2
"""Lines of the sheet with nothing on them: no rows."""

HEADER = ("username", "name", "telpon", "rekening")

WORDS: dict[str, list[Any]] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Formula:
    """A cell that is computed; `result` is what the spreadsheet has stored for it."""

    formula: str
    result: str


Cell = str | int | date | Formula | None


@dataclass(frozen=True)
class Member:
    username: Cell
    name: Cell
    phone: Cell
    account: Cell
    digits: str
    """The telephone number after the country's code."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.username, self.name, self.phone, self.account)


@dataclass(frozen=True)
class Oddity:
    """Something unusual about a row. `codes`: what an import says about it; none: it takes the row."""

    name: str
    codes: tuple[str, ...]
    change: Callable[[Member], Member]


@dataclass(frozen=True)
class Made:
    """The file, and what an import of it must come to."""

    content: bytes
    lines: tuple[tuple[Cell, ...], ...]
    """The sheet after its header, blank lines as empty ones. The first is line 2."""
    oddities: Counter[str]
    """Rows by name of the oddity, faults among them."""
    codes: Counter[str]
    """Errors by code."""
    faulty: int
    repeated: int

    @property
    def rows(self) -> int:
        return sum(1 for cells in self.lines if cells)

    @property
    def imported(self) -> int:
        return self.rows - self.faulty - self.repeated


def make(rows: int = ROWS) -> Made:
    """The whole file, always the same for so many rows: some dozens at least."""
    chance = random.Random(SEED)
    members = _members(chance)
    odd = [*islice(cycle(FAULTS), int(rows * FAULTY)), *(ODDITIES * ODD_EACH)]
    repetitions = int(rows * REPEATED)
    plain = rows - len(odd) - repetitions
    # What stands on each line: a member; something odd; None, a repetition.
    plan: list[Member | Oddity | None] = [*islice(members, plain), *odd, *[None] * repetitions]
    chance.shuffle(plan)

    lines: list[tuple[Cell, ...]] = []
    written: list[Member] = []
    repeated = 0
    for planned in plan:
        match planned:
            case Member():
                written.append(planned)
                lines.append(planned.cells)
            case Oddity():
                lines.append(planned.change(next(members)).cells)
            case None:
                lines.append(chance.choice(written).cells)
                repeated += 1
    for position in chance.sample(range(1, len(lines)), BLANK_LINES):
        lines.insert(position, ())
    return Made(
        content=_xlsx(lines),
        lines=tuple(lines),
        oddities=Counter(oddity.name for oddity in odd),
        codes=Counter(code for oddity in odd for code in oddity.codes),
        faulty=sum(1 for oddity in odd if oddity.codes),
        repeated=repeated,
    )


# Members


def _members(chance: random.Random) -> Iterator[Member]:
    """Members that share no username, whatever its case, no telephone number and no account."""
    taken: set[str] = set()
    number = 0
    while True:
        username = _username(chance)
        if username.lower() in taken:
            continue
        taken.add(username.lower())
        number += 1
        digits = f"840{number * 11 + 10_000_000:08d}"  # 0840 belongs to nobody
        yield Member(username, _name(chance), _phone(chance, digits), _account(chance, number), digits)


def _username(chance: random.Random) -> str:
    """Letters, digits, hyphens and underscores, in the case that somebody felt like."""
    word = "".join(chance.choices(WORDS["syllables"], k=chance.choice((2, 3, 3))))
    other = chance.choice((chance.choice(WORDS["endings"]), chance.choice(WORDS["handles"]), ""))
    joined = f"{word}_{other}" if other and chance.random() < 0.3 else word + other
    spelled = chance.choice(
        (joined, joined, joined.title().replace("_", ""), joined.upper(), joined.capitalize())
    )
    return f"{spelled}{chance.choice(('', chance.randrange(10), f'{chance.randrange(100):02d}', 1990))}"


def _name(chance: random.Random) -> str:
    """Somebody's name, now and then with a note."""
    name = f"{chance.choice(WORDS['first_names'])} {chance.choice(WORDS['last_names'])}"
    if chance.random() < 0.08:
        return f"{name} ({chance.choice(WORDS['member_notes'])})"
    return chance.choice((name, name, name.upper(), name.lower(), f"{name} "))


def _phone(chance: random.Random, digits: str) -> str:
    """Mostly a link without https, as WhatsApp shows it; sometimes with the greeting it opens with."""
    turn = chance.random()
    if turn < 0.06:
        return f"0{digits}"
    return f"wa.me/62{digits}?text=Halo" if turn < 0.07 else f"wa.me/62{digits}"


def _account(chance: random.Random, number: int) -> str:
    """An account number that no bank gives out. The apostrophe is part of the text."""
    return chance.choice((f"'000{number * 37:07d}", f"'000{number * 37:07d}", f"'0000{number * 41:011d}"))


# What is unusual


def _with(**cells: Callable[[str], Cell]) -> Callable[[Member], Member]:
    """The member with other cells, each made of the digits of the telephone number."""
    return lambda member: replace(member, **{name: cell(member.digits) for name, cell in cells.items()})


def _blank(_: str) -> None:
    return None


FAULTS = (
    Oddity("telephone number typed as a number", ("cell.number",), _with(phone=lambda d: int(f"62{d}"))),
    Oddity("the same without the country, its 0 lost", ("cell.number",), _with(phone=lambda d: int(d))),
)

ODDITIES = (
    Oddity("no username", (), _with(username=_blank)),
    Oddity("no name", (), _with(name=_blank)),
    Oddity("no telephone number", (), _with(phone=_blank)),
    Oddity("no account", (), _with(account=_blank)),
    Oddity("name that is a number", (), _with(name=lambda d: int(d[-3:]))),
    Oddity("name that became a date", (), _with(name=lambda d: date(2025, 5, 1 + int(d[-3:]) % 31))),
    Oddity(
        "telephone number put together by a formula",
        (),
        _with(phone=lambda d: Formula(f'="wa.me/62"&"{d}"', f"wa.me/62{d}")),
    ),
)


def _xlsx(lines: list[tuple[Cell, ...]]) -> bytes:
    """A workbook with one sheet, made at a fixed moment so that its bytes are fixed too."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "Member", "created": datetime(2025, 2, 1, tzinfo=UTC)})
        day = workbook.add_format({"num_format": "d mmm"})
        sheet = workbook.add_worksheet("Sheet1")
        for row, cells in enumerate([HEADER, *lines]):
            for column, cell in enumerate(cells):
                match cell:
                    case None:
                        pass
                    case str():
                        sheet.write_string(row, column, cell)
                    case int():
                        sheet.write_number(row, column, cell)
                    case date():
                        sheet.write_datetime(row, column, cell, day)
                    case Formula():
                        sheet.write_formula(row, column, cell.formula, value=cell.result)
    return content.getvalue()


def main() -> None:
    made = make()
    (HERE / "members.xlsx").write_bytes(made.content)
    print(f"{made.rows:6} rows, {len(made.content):,} bytes")
    print(f"{made.imported:6} to import")
    print(f"{made.repeated:6} stand there twice")
    print(f"{made.faulty:6} faulty ({made.faulty / made.rows:.1%})")
    for name, count in made.oddities.items():
        print(f"{count:12} {name}")


if __name__ == "__main__":
    main()
