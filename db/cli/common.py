"""What all commands share: the console, the settings, and how an expected fault ends a command.

Modules that take long to import (Alembic, Starlette, argon2) are imported by the commands that need them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import typer
from rich.console import Console

from db.installation import Installation, forget_postgres_environment, opened
from db.server import ServerError
from db.settings import Settings, SettingsError

# What goes into a file or a pipe is not cut to a width.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 240)
errors = Console(stderr=True, highlight=False)


def expected_faults() -> tuple[type[Exception], ...]:
    """Faults that have a message for people. Anything else is a bug and shows where it happened."""
    from db.analysts import LoginError
    from db.credentials import WeakPassword
    from db.migrate import MigrateError

    return (LoginError, MigrateError, ServerError, SettingsError, WeakPassword, psycopg.Error, OSError)


class FriendlyGroup(typer.core.TyperGroup):
    """Commands that end an expected fault with a message and exit code 1 instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if not isinstance(error, expected_faults()):
                raise
            errors.print(explain(error), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(1) from None


def make_app(help_text: str) -> typer.Typer:
    """A group of commands in our manner; without a command it shows its help."""
    return typer.Typer(
        help=help_text,
        cls=FriendlyGroup,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )


def explain(error: BaseException) -> str:
    """The fault in words: the server's message, and its detail and hint where it gave any."""
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        parts = [error.diag.message_primary, error.diag.message_detail, error.diag.message_hint]
    elif isinstance(error, psycopg.OperationalError):
        parts = ["The database cannot be reached.", str(error).strip()]
    else:
        parts = [str(error)]
    return "\n".join(part for part in parts if part)


def say(message: str) -> None:
    """A line of progress."""
    console.print(message, style="dim", markup=False, soft_wrap=True)


def settings(**values: Any) -> Settings:
    """The settings of this installation; options of the command, where given, win over the environment.

    The variables of libpq in the environment are about some other server and are dropped when ours is meant.
    """
    found = Settings.load(**{name: value for name, value in values.items() if value is not None})
    if found.embedded:
        forget_postgres_environment()
    return found


@contextmanager
def installation(**values: Any) -> Iterator[Installation]:
    """The installation, its database reachable while the block runs."""
    with opened(settings(**values), say) as found:
        yield found
