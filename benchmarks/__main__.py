"""`python -m benchmarks [NAME …] [--quick] [--json]`, which is `make bench`."""

import argparse
import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict

import uvloop
from rich.console import Console

from benchmarks import (
    ar_aging,
    bff_request,
    due_times,
    export,
    handing_out,
    import_leads,
    kpi_page,
    lead_bundle,
    members,
    outbox,
    page_under_rls,
    pages,
    staging,
)
from benchmarks.figures import Figure, table
from benchmarks.house import House, house

Benchmark = Callable[[House, bool], Coroutine[None, None, list[Figure]]]

BENCHMARKS: dict[str, Benchmark] = {
    "lead_bundle": lead_bundle.run,
    "page_under_rls": page_under_rls.run,
    "pages": pages.run,
    "bff_request": bff_request.run,
    "export": export.run,
    "import_leads": import_leads.run,
    "members": members.run,
    "handing_out": handing_out.run,
    "outbox": outbox.run,
    "ar_aging": ar_aging.run,
    "due_times": due_times.run,
    "kpi_page": kpi_page.run,
    "staging": staging.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    # No `choices`: argparse would hold the empty list against them.
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="little data: shows that it runs")
    parser.add_argument("--json", action="store_true", help="figures as JSON on standard output")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    names = options.names or list(BENCHMARKS)

    progress = Console(stderr=True)
    figures: list[Figure] = []
    with house(progress.print) as place:
        for name in names:
            progress.print(f"[bold]{name}[/bold] …")
            figures += uvloop.run(BENCHMARKS[name](place, options.quick))
    if options.json:
        print(json.dumps([asdict(figure) | {"ratio": figure.ratio, "met": figure.met} for figure in figures]))
    else:
        Console().print(table(figures, quick=options.quick))


main()
