"""Files to be imported while everything around them is being killed."""

import csv
import random
import runpy
from pathlib import Path

from db.paths import SEEDS

LEAD_COLUMNS = (
    "Company Name",
    "PIC Name",
    "Contact Phone",
    "Email",
    "City Area",
    "Service Code",
    "Primary Channel",
)


def leads(folder: Path, rows: int) -> tuple[Path, int]:
    """A CSV file of leads, and how many lines it has.

    Companies come back with other people, rows are there twice, rows are wrong, notes have line breaks.
    """
    chance = random.Random(rows)
    companies = rows * 3 // 5
    path = folder / "leads.csv"
    written: list[list[str]] = []
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*LEAD_COLUMNS, "NPWP", "Notes"])
        for number in range(rows):
            turn = chance.random()
            if turn < 0.04 and written:
                writer.writerow(chance.choice(written))
                continue
            row = _lead(chance, chance.randrange(companies), companies)
            row.append("called twice\nno answer" if chance.random() < 0.02 else f"row {number}")
            if turn < 0.06:
                row[3] = "nobody"
            elif turn < 0.07:
                row = row[:5]
            else:
                written.append(row)
                del written[:-500]
            writer.writerow(row)
    return path, path.read_bytes().count(b"\n")


def _lead(chance: random.Random, company: int, companies: int) -> list[str]:
    # Now and then a key of another company, so that rows far apart hang together.
    phone = company if chance.random() > 0.02 else chance.randrange(companies)
    person = chance.randrange(3)
    return [
        f"PT Usaha {company}" if chance.random() < 0.8 else f"USAHA  {company}, PT.",
        f"Orang {company} {person}",
        f"+62 840 {phone:08d}" if person else f"0840-{phone:08d}",
        f"orang{person}@usaha{company}.example",
        "Bandung",
        chance.choice(("EXI_AF", "DOM_LTL")),
        chance.choice(("SEM", "Trade Show", "LinkedIn")),
        f"{company + 1_000_000:015d}" if company % 3 == 0 else "",
    ]


def member_records(folder: Path, rows: int) -> tuple[Path, int]:
    """A workbook of member records like the sample's, and how many lines its sheet has."""
    made = runpy.run_path(str(SEEDS / "make_members.py"))["make"](rows)
    path = folder / "members.xlsx"
    path.write_bytes(made.content)
    return path, len(made.lines) + 1
