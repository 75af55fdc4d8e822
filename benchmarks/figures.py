"""Figures, how they are taken and how they are shown."""

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from rich.table import Table


@dataclass(frozen=True)
class Target:
    """What we promise of ours ÷ limit. `or_plus`: milliseconds that are allowed instead."""

    sense: Literal["≥", "≤"]
    ratio: float
    or_plus: float | None = None

    def __str__(self) -> str:
        alternative = f" or +{self.or_plus:g} ms" if self.or_plus else ""
        return f"{self.sense} {self.ratio:g}{alternative}"

    def is_met(self, ours: float, limit: float) -> bool:
        if self.sense == "≥":
            return ours >= self.ratio * limit
        return ours <= self.ratio * limit or (self.or_plus is not None and ours <= limit + self.or_plus)


@dataclass(frozen=True)
class Figure:
    """One line of the result. `meaning` says in plain words what ours and the limit are."""

    name: str
    ours: float
    limit: float
    unit: Literal["per second", "ms", "MB"]
    meaning: str
    target: Target | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.limit

    @property
    def met(self) -> bool | None:
        """None: nothing is promised."""
        return self.target.is_met(self.ours, self.limit) if self.target else None


Way = Callable[[], Awaitable[float]]


async def interleaved(rounds: int, *ways: Way) -> list[float]:
    """The median of each way's figures, taken in turns; a first round warms up and does not count."""
    taken = [[await way() for way in ways] for _ in range(rounds + 1)][1:]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def table(figures: list[Figure], *, quick: bool) -> Table:
    """The summary. In quick mode the data are too few for the targets to mean anything."""
    shown = Table(title="Quick run: the ratios mean nothing" if quick else None)
    for heading in ("what", "ours", "limit", "ratio", "target"):
        shown.add_column(heading, justify="left" if heading == "what" else "right")
    shown.add_column("ours and the limit are")
    for figure in figures:
        verdict = "" if figure.met is None or quick else " [green]✓[/]" if figure.met else " [red]✗[/]"
        shown.add_row(
            figure.name,
            _number(figure.ours, figure.unit),
            _number(figure.limit, figure.unit),
            f"{figure.ratio:.2f}",
            f"{figure.target or '–'}{verdict}",
            figure.meaning,
        )
    return shown


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f}/s" if unit == "per second" else f"{value:.2f} {unit}"
