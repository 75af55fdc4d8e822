"""Records are handed out, looked at, found invalid, replaced, reserved: in a small and a large database.

What is promised is in absolute terms, and that it does not grow with what there is: everything is done once
where there are few records, and once more where there are five million, a million of them in the database
itself. Only counting is measured in the large one alone.
"""

import statistics
from dataclasses import dataclass

import asyncpg

from benchmarks import reservations
from benchmarks.figures import Figure, Target
from benchmarks.house import House, Person
from benchmarks.member_databases import fill, product, reserve, without_indexes
from benchmarks.member_work import Work
from db.session import Database

ASSIGNMENTS_A_SECOND = 300
PROCESS_MS = 300
PAGE_MS = 30
APPROVE_MS = 50
COUNTS_MS = 300
REMEMBERED_MS = 30
CLIENTS = 8
QUANTITY = 50
CARDS = 10
OTHERS = 3
"""Further databases as large as the large one; the records that are with somebody make as many again."""


@dataclass(frozen=True)
class Size:
    """How much there is of everything, and how often something is done."""

    small: int
    large: int
    reserved: int
    invalid: int
    rounds: int
    calls: int
    seconds: float


FULL = Size(10_000, 1_000_000, 20_000, 1_000, 5, 100, 8.0)
QUICK = Size(3_000, 6_000, 120, 50, 1, 3, 0.5)


@dataclass(frozen=True)
class Taken:
    """Milliseconds."""

    assign: float
    page: float
    process: float
    approve: float


async def run(house: House, quick: bool) -> list[Figure]:
    """The same in a small and in a large database, then what is promised of the large one alone."""
    size = QUICK if quick else FULL
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    pool = Database(house.bff_url(database), pool_size=CLIENTS, statement_timeout=60)
    await pool.open()
    work = Work(house, pool)
    try:
        product_id = await product(admin, house.org_id, "Played")
        async with without_indexes(admin):
            [small_id] = await fill(admin, house.org_id, product_id, {"small": size.small})
            await reservations.fill(admin, house, product_id, "takensmall", size.small)
        in_small = await measure(work, size, small_id, product_id, "takensmall", house.salespeople[2])

        names = ["large", *(f"other{n}" for n in range(OTHERS))]
        async with without_indexes(admin):
            large_id, *_ = await fill(admin, house.org_id, product_id, dict.fromkeys(names, size.large))
            await reservations.fill(admin, house, product_id, "takenlarge", size.large)
        in_large = await measure(work, size, large_id, product_id, "takenlarge", house.salespeople[3])

        await reserve(admin, house.org_id, product_id, "large", size.large, size.reserved)
        # What filling has left to be written is no part of handing out.
        await admin.execute("checkpoint")
        rate = await work.assignments_a_second(large_id, 1 if quick else QUANTITY, CLIENTS, size.seconds)
        anew, again = await work.counts(large_id, product_id, size.rounds)
    finally:
        await pool.close()
        await admin.close()
    return [
        Figure(
            f"assign {QUANTITY} of {size.large:,}, {CLIENTS} clients",
            rate,
            ASSIGNMENTS_A_SECOND,
            "per second",
            "api.members_assign_random with exact counts, audited; what is promised",
            Target("≥", 1),
        ),
        *sized(size, in_small, in_large),
        *counted(size, anew, again),
    ]


async def measure(
    work: Work, size: Size, database_id: int, product_id: int, taken: str, staff: Person
) -> Taken:
    """Work in one database; `staff` has nothing yet; `taken`: what begins the names of records of others."""
    assigned = [await work.assign(database_id, staff.user_id, QUANTITY) for _ in range(CARDS)]
    return Taken(
        statistics.median(assigned),
        await work.cards_page(staff.user_id, CARDS, size.calls),
        await work.process_invalid(database_id, work.house.salespeople[0].user_id, size.invalid, size.rounds),
        await reservations.approve(work, product_id, taken, size.calls),
    )


def sized(size: Size, in_small: Taken, in_large: Taken) -> list[Figure]:
    """What must not grow: the promise, where there is one, and the same work where there is less."""
    figures = []
    for name, small, large, promise, meaning in (
        (f"assign {QUANTITY}", in_small.assign, in_large.assign, None, "one client"),
        (
            f"staff batches page, {CARDS} of {QUANTITY}",
            in_small.page,
            in_large.page,
            PAGE_MS,
            f"api.members_staff_batches, all {CARDS * QUANTITY} records in it, 95th percentile",
        ),
        (
            f"process {size.invalid:,} invalid",
            in_small.process,
            in_large.process,
            PROCESS_MS,
            "api.process_invalid_batch, audited, median",
        ),
        (
            "approve a reservation",
            in_small.approve,
            in_large.approve,
            APPROVE_MS,
            "three conflicts, one in each module, flagged, logged and audited, median",
        ),
    ):
        if promise is not None:
            figures += [
                Figure(
                    f"{name}, {count:,} records",
                    taken,
                    promise,
                    "ms",
                    f"{meaning}; what is promised",
                    Target("≤", 1),
                )
                for count, taken in ((size.small, small), (size.large, large))
            ]
        figures.append(
            Figure(
                f"{name}, large and small database",
                large,
                small,
                "ms",
                f"of {size.large:,} records, {(OTHERS + 2) * size.large:,} in all; of {size.small:,}",
                Target("≤", 1.5, or_plus=2),
            )
        )
    return figures


def counted(size: Size, anew: float, again: float) -> list[Figure]:
    """Counts of the large database, of whose customers many are reserved."""
    return [
        Figure(
            f"counts of {size.large:,}, {size.reserved:,} reserved, anew",
            anew,
            COUNTS_MS,
            "ms",
            "api.members_get_database after one more reservation: every reserved customer is looked for among"
            " the records; what is promised. A number that each reservation changes would make it"
            f" {REMEMBERED_MS} ms, and every reservation and every import slower",
            Target("≤", 1),
        ),
        Figure(
            f"counts of {size.large:,}, {size.reserved:,} reserved, remembered",
            again,
            REMEMBERED_MS,
            "ms",
            f"the same while the last number holds, which handing out leaves; {REMEMBERED_MS} ms",
            Target("≤", 1),
        ),
    ]
