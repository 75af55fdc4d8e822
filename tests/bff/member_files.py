"""Files of members whom nobody has met, and how they are uploaded."""

import io
from uuid import uuid4

import xlsxwriter
from organisation import Person


def workbook(rows: list[tuple[str, ...]], header=("username", "name", "telpon", "rekening")) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell)
    return content.getvalue()


def members(count: int, word: str | None = None) -> list[tuple[str, str, str, str]]:
    """Members whom nobody has met."""
    word = word or uuid4().hex[:8]
    number = int(uuid4().int % 10**9) * 1000
    return [
        (f"{word}{n}", f"Name {n}", f"wa.me/62840{number + n}", f"'0{number + n}")
        for n in range(1, count + 1)
    ]


def upload(person: Person, content: bytes, name: str, product: object, path="memberwd", file="m.xlsx"):
    return person.http.post(
        f"/api/{path}/upload",
        data={"name": name, "product_id": str(product)},
        files={"file": (file, content)},
    )
