"""import: a file into the product, from a terminal."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from db.cli.common import console, errors, settings


def register(app: typer.Typer) -> None:
    app.command("import")(import_file)


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.", exists=True, dir_okay=False, readable=True)],
    module: Annotated[str, typer.Option(help="What the rows are: leads, member_records …")],
    email: Annotated[
        str,
        typer.Option("--as", prompt="E-mail", help="Who imports; the password is asked. [PGCRM_PASSWORD]"),
    ],
    option: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=VALUE that the module needs, such as product_id=1; VALUE is JSON, else text."
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--map", help="HEADER=COLUMN: what a column is; no COLUMN = ignore it."),
    ] = None,
) -> None:
    """Import a file as somebody, and say what became of its rows. Exit code 1: not all of them came in."""
    from db import import_client

    fields = {"module": module}
    if option:
        fields["options"] = json.dumps({name: _value(text) for name, text in _pairs(option, "--option")})
    if column:
        fields["mapping"] = json.dumps(dict(_pairs(column, "--map")))
    password = os.environ.get("PGCRM_PASSWORD") or typer.prompt("Password", hide_input=True)
    try:
        done = import_client.import_file(settings(), console, file, fields, email, password)
    except import_client.Failed as fault:
        errors.print(str(fault), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    if done["status"] != "completed" or done["error_rows"]:
        raise typer.Exit(1)


def _pairs(given: list[str], name: str) -> Iterator[tuple[str, str]]:
    for text in given:
        left, equals, right = text.partition("=")
        if not equals or not left:
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=name)
        yield left, right


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
