"""Writes leads.csv beside itself: leads as people keep them in spreadsheets, with what goes wrong there.

    python seeds/make_leads.py

The same seed gives the same bytes. The file holds companies in several spellings, rows that are there twice,
customers of the demo organisation (demo.yaml), and, on purpose, 4 % of rows that cannot be imported. The
counts it prints are what an import of the file must come to. Everything in it is invented.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
SEED = 20250101

ROWS = 5_100
FAULTY = ROWS * 4 // 100
REPEATED = 190
"""Rows that stand earlier in the file, to the letter or with keys spelled otherwise."""
ABOUT_DEMO = 60
"""Rows about customers that the demo organisation has."""
RETURNING = 1_050
"""Rows about a company that stands earlier in the file: other spelling, other person, other need."""

HEADER = [
    *("Company Name", "PIC Name", "Contact Phone", "Email", "City Area", "Service Code", "Primary Channel"),
    *("NPWP", "Country", "Lead Date", "Route", "Est Volume Value", "Est Volume Unit", "Timeline"),
    *("Campaign Name", "Notes", "Filled In By"),
]
"""As people name their columns. The last one is no field of a lead: an import says so and goes on."""
COMPARED_BY_KEY = ("Company Name", "Contact Phone", "Email", "NPWP")

WORDS: dict[str, list[Any]] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))

Row = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a row. `codes`: what an import says about it, in any order."""

    name: str
    codes: tuple[str, ...]
    cells: Callable[[Row], list[str]]
    """The faulty row's cells, from a row without fault."""


@dataclass(frozen=True)
class Company:
    name: str
    npwp: str
    """16 digits; empty when nobody wrote it down."""
    domain: str
    pic: str
    phone: str
    """Digits with the leading 0."""
    city: str

    @property
    def email(self) -> str:
        return _address(self.pic, self.domain)


@dataclass(frozen=True)
class Made:
    """The file, and what an import of it into a database that has only the demo data must come to."""

    content: bytes
    rows: int
    faults: Counter[str]
    """Rows by name of the fault."""
    codes: Counter[str]
    """Errors by code."""
    repeated: int
    companies: int
    """Companies that the demo organisation does not have."""
    about_demo: int

    @property
    def faulty(self) -> int:
        return self.faults.total()

    @property
    def imported(self) -> int:
        return self.rows - self.faulty - self.repeated


def make() -> Made:
    """The whole file, always the same."""
    chance = random.Random(SEED)
    companies = _companies(chance)
    faults = [fault for fault, _ in zip(cycle(FAULTS), range(FAULTY), strict=False)]
    demo = [_demo_company(lead) for lead in _demo_leads()]
    first = ROWS - FAULTY - REPEATED - ABOUT_DEMO - RETURNING
    # What stands on each line: a company, whose first turn is its first row; a fault; or None, a repetition.
    known = [next(companies) for _ in range(first)]
    plan: list[Company | Fault | None] = [*known, *faults, *chance.choices(known, k=RETURNING)]
    plan += [None] * REPEATED
    chance.shuffle(plan)
    for position in chance.sample(range(len(plan)), ABOUT_DEMO):
        plan.insert(position, chance.choice(demo))

    lines: list[list[str]] = []
    written: list[Row] = []
    prints: set[tuple[str, ...]] = set()
    seen: set[Company] = set(demo)
    repeated = 0
    for planned in plan:
        match planned:
            case Fault():
                lines.append(planned.cells(_row(chance, next(companies))))
            case None:
                lines.append(list(_again(chance, chance.choice(written)).values()))
                repeated += 1
            case Company():
                while True:
                    row = _row(chance, planned)
                    if planned in seen:
                        row = _respelled(chance, row, planned)
                    if _print(row) not in prints:
                        break
                seen.add(planned)
                prints.add(_print(row))
                written.append(row)
                lines.append(list(row.values()))
    return Made(
        content=_csv([HEADER, *lines]),
        rows=len(lines),
        faults=Counter(fault.name for fault in faults),
        codes=Counter(code for fault in faults for code in fault.codes),
        repeated=repeated,
        companies=len(known),
        about_demo=ABOUT_DEMO,
    )


# Companies and their people


def _companies(chance: random.Random) -> Iterator[Company]:
    """Companies that share no name, NPWP, telephone number or domain."""
    stems = ["".join(parts) for parts in product(WORDS["syllables"], WORDS["syllables"], WORDS["endings"])]
    chance.shuffle(stems)
    for number, stem in enumerate(stems):
        mobile = chance.random() < 0.75
        trade = chance.choice(WORDS["trades"])
        tax_number = f"{number * 7 + 2_000_000:09d}{chance.randrange(1, 999):03d}"
        yield Company(
            name=f"{chance.choice(WORDS['legal_forms'])} {stem.title()} Contoh {trade}",
            npwp=f"099{tax_number}0" if chance.random() < 0.6 else "",
            domain=f"{stem}.example",
            pic=_person(chance),
            # 0840 and 021-0… belong to nobody.
            phone=f"0840{number * 13 + 20_000_000:08d}" if mobile else f"0210{number * 13 + 2_000_000:07d}",
            city=chance.choice(WORDS["cities"]),
        )


def _person(chance: random.Random) -> str:
    return f"{chance.choice(WORDS['first_names'])} {chance.choice(WORDS['last_names'])}"


def _address(person: str, domain: str) -> str:
    local = "".join(c for c in person.lower().replace(" ", ".") if c.isascii() and (c.isalnum() or c == "."))
    return f"{local.strip('.')}@{domain}"


def _demo_leads() -> list[dict[str, Any]]:
    content = yaml.safe_load((HERE / "demo.yaml").read_text(encoding="utf-8"))
    leads: list[dict[str, Any]] = content["organizations"][0]["leads"]
    return leads


def _demo_company(lead: dict[str, Any]) -> Company:
    digits = "".join(filter(str.isdigit, lead.get("npwp", "")))
    phone = "".join(filter(str.isdigit, lead["contact_phone"])).removeprefix("00").removeprefix("62")
    return Company(
        name=lead["company_name"],
        npwp=digits.rjust(16, "0") if digits else "",
        domain=lead["email"].partition("@")[2],
        pic=lead["pic_name"],
        phone="0" + phone.removeprefix("0"),
        city=lead["city_area"],
    )


# Rows


def _row(chance: random.Random, company: Company) -> Row:
    """A row about the company, written with care."""
    often = chance.random
    value, unit = chance.choice(WORDS["volumes"]) if often() < 0.6 else ("", "")
    day = date(2025, 1, 6) + timedelta(days=chance.randrange(170))
    return dict(
        zip(
            HEADER,
            (
                company.name,
                company.pic,
                _spell_phone(chance, company.phone),
                company.email,
                company.city,
                chance.choice(WORDS["services"]),
                chance.choice(WORDS["channels"]),
                _spell_npwp(chance, company.npwp),
                "Indonesia" if often() < 0.5 else "",
                day.isoformat() if often() < 0.9 else "",
                f"{company.city} - {chance.choice(WORDS['abroad'])}" if often() < 0.4 else "",
                str(value),
                unit,
                chance.choice(WORDS["timelines"]),
                chance.choice(WORDS["campaigns"]) if often() < 0.4 else "",
                chance.choice(WORDS["notes"]) if often() < 0.25 else "",
                chance.choice(WORDS["first_names"][:20]) if often() < 0.3 else "",
            ),
            strict=True,
        )
    )


def _respelled(chance: random.Random, row: Row, company: Company) -> Row:
    """The row as somebody else would write it down: the company stays recognisable by one of its keys."""
    kind = chance.choice(("same person", "colleague", "name turned round" if company.npwp else "colleague"))
    changed = dict(row)
    if kind == "same person":
        changed["Email"] = chance.choice((company.email.upper(), f" {company.email} ", company.email))
        changed["NPWP"] = row["NPWP"] if chance.random() < 0.5 else ""
    else:
        colleague = _person(chance)
        changed["PIC Name"] = colleague
        changed["Email"] = _address(f"{colleague} {chance.randrange(1000)}", company.domain)
        changed["Contact Phone"] = _spell_phone(chance, f"0840{chance.randrange(60_000_000, 99_999_999)}")
    if kind == "name turned round":
        form, _, rest = company.name.partition(" ")
        changed["Company Name"] = f"{rest}, {form}."
    else:
        changed["Company Name"] = _spell_name(chance, company.name)
    return changed


def _again(chance: random.Random, row: Row) -> Row:
    """The row once more: to the letter, or with its keys in other clothes."""
    if chance.random() < 0.5:
        return row
    phone = "".join(filter(str.isdigit, row["Contact Phone"])).removeprefix("00")
    return row | {
        "Company Name": _spell_name(chance, row["Company Name"]),
        "Email": row["Email"].swapcase() if row["Email"].islower() else row["Email"].strip(),
        "Contact Phone": _spell_phone(chance, "0" + phone.removeprefix("62").removeprefix("0")),
        "NPWP": _spell_npwp(chance, _npwp_digits(row["NPWP"])),
    }


def _spell_name(chance: random.Random, name: str) -> str:
    """Another spelling of the same name: case, dots, blanks."""
    form, _, rest = name.partition(" ")
    spaced = f"{form}.  {rest} "
    return chance.choice((f"{form}. {rest}", spaced, f"{form} {rest}.", name.upper(), name.lower()))


def _spell_phone(chance: random.Random, digits: str) -> str:
    """One of the ways people write a number; `digits` starts with 0."""
    area, middle, end = digits[:4], digits[4:8], digits[8:]
    return chance.choice(
        (
            digits,
            f"{area}-{middle}-{end}",
            f"+62 {area[1:]} {middle} {end}",
            f"62{digits[1:]}",
            f"({area}) {middle}{end}",
            f"0062 {area[1:]} {middle} {end}",
            f" {area} {middle} {end}\u00a0",
        )
    )


def _spell_npwp(chance: random.Random, digits: str) -> str:
    """The new form, 16 digits, or the old one: 15 of them with dots."""
    if not digits or chance.random() < 0.5:
        return digits
    d = digits[1:]
    return f"{d[:2]}.{d[2:5]}.{d[5:8]}.{d[8]}-{d[9:12]}.{d[12:]}"


def _npwp_digits(spelled: str) -> str:
    digits = "".join(filter(str.isdigit, spelled))
    return digits.rjust(16, "0") if digits else ""


def _print(row: Row) -> tuple[str, ...]:
    """Equal for rows that an import takes for the same one (or for fewer rows than that)."""
    digits = "".join(filter(str.isdigit, row["Contact Phone"])).removeprefix("00").removeprefix("62")
    name = " ".join(row["Company Name"].lower().replace(".", "").replace(",", "").split())
    rest = (cell for column, cell in row.items() if column not in COMPARED_BY_KEY and column in HEADER[:-1])
    return (name, digits.removeprefix("0"), row["Email"].strip().lower(), _npwp_digits(row["NPWP"]), *rest)


# Faults


def _with(**cells: str) -> Callable[[Row], list[str]]:
    """The row with other contents of these columns (underscores for blanks)."""
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    return lambda row: list((row | named).values())


FAULTS = (
    Fault("no company name", ("lead.company_name.required",), _with(Company_Name="")),
    Fault("no contact person", ("lead.pic_name.required",), _with(PIC_Name=" ")),
    Fault("no telephone number", ("lead.contact_phone.required",), _with(Contact_Phone="")),
    Fault("no e-mail address", ("lead.email.required",), _with(Email="")),
    Fault("no service", ("lead.service_code.required",), _with(Service_Code="")),
    Fault("no channel", ("lead.primary_channel.required",), _with(Primary_Channel="\u00a0")),
    Fault("e-mail address without a domain", ("lead.email.format",), _with(Email="sales.at.contoh")),
    Fault("telephone number too short", ("lead.contact_phone.format",), _with(Contact_Phone="ext. 12")),
    Fault("NPWP of 14 digits", ("lead.npwp.format",), _with(NPWP="99.123.456.7-890.00")),
    Fault("unknown service", ("lead.service_code.unknown",), _with(Service_Code="SEA_FREIGHT")),
    Fault("unknown channel", ("lead.primary_channel.unknown",), _with(Primary_Channel="Instagram")),
    Fault("date in the future", ("lead.lead_date.future",), _with(Lead_Date="2099-01-31")),
    Fault("date of no calendar", ("lead.lead_date.format",), _with(Lead_Date="31/02/2025")),
    Fault("number in words", ("lead.est_volume_value.format",), _with(Est_Volume_Value="about 20")),
    Fault("a cell too many", ("row.too_long",), lambda row: [*row.values(), "see also above"]),
    Fault("cells missing", ("row.too_short",), lambda row: list(row.values())[:9]),
    Fault(
        "three faults at once",
        ("lead.city_area.required", "lead.email.format", "lead.service_code.unknown"),
        _with(City_Area="", Email="n/a", Service_Code="?"),
    ),
)


def _csv(lines: list[list[str]]) -> bytes:
    """As a spreadsheet saves "CSV UTF-8": byte order mark, CRLF, quotes where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def main() -> None:
    made = make()
    (HERE / "leads.csv").write_bytes(made.content)
    print(f"{made.rows:6} rows, {len(made.content):,} bytes")
    print(f"{made.imported:6} to import, {made.about_demo} of them about customers of the demo organisation")
    print(f"{made.companies:6} companies are new")
    print(f"{made.repeated:6} stand there twice")
    print(f"{made.faulty:6} faulty ({made.faulty / made.rows:.1%}):")
    for name, count in made.faults.items():
        print(f"{count:12} {name}")


if __name__ == "__main__":
    main()
