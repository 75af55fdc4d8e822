"""Kills at random moments of an import's life, counted where they hit something at work."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tests.crash.product import Product
from tests.crash.uploader import Uploader


@dataclass
class Record:
    """What happened in a hunt."""

    begun: float = field(default_factory=time.monotonic)
    kills: list[str] = field(default_factory=list)
    hits: int = 0
    """Kills that cost the uploader the answer to a request."""

    def __str__(self) -> str:
        seconds = time.monotonic() - self.begun
        title = f"{self.hits} of {len(self.kills)} kills hit work, in {seconds:.0f} s"
        return "\n  ".join([title, *self.kills])


@dataclass(frozen=True)
class Hunt:
    product: Product
    uploader: Uploader
    org_id: UUID
    """The uploader's organisation, which has no other import."""
    lines: int
    """Lines of the file."""
    quiet_seconds: Mapping[str, float]
    """How long staging and processing take when nobody disturbs."""
    chance: random.Random

    def run(self, kills: int) -> Record:
        """Begin the upload, kill the BFF and Postgres `kills` times each, and wait for the end of the import.

        Half of the kills come while staging, half while processing. Raises what the uploader met.
        """
        record = Record()
        self.uploader.start()
        staging = (kills + 1) // 2
        for phase, count in (("staging", staging), ("processing", kills - staging)):
            victims = self._victims(count)
            # Random moments by how much is done: any speed and any size has as many of them.
            moments = sorted(self.chance.uniform(0, 0.95) for _ in victims)
            if phase == "staging":
                moments[0] = -1.0  # before anything is staged
            for moment, kill in zip(moments, victims, strict=True):
                reached = self._reached(phase, moment)
                if reached is not None:
                    self._kill(record, kill, f"{phase} at {reached:.0%}")
        self.uploader.join()
        if self.uploader.error is not None:
            raise AssertionError(str(record)) from self.uploader.error
        return record

    def _victims(self, count: int) -> list[Callable[[], None]]:
        """`count` ways to kill the BFF and as many to kill Postgres, in any order."""
        product = self.product
        bff = (product.kill_bff, product.kill_bff_with_the_last_user)
        postgres = (product.kill_postgres, product.kill_postgres, product.kill_backend)
        chosen = [self.chance.choice(ways) for ways in (bff, postgres) for _ in range(count)]
        self.chance.shuffle(chosen)
        return chosen

    def _kill(self, record: Record, kill: Callable[[], None], moment: str) -> None:
        before = len(self.uploader.failures)
        kill()
        self.product.recover()
        # The request that was under way has been answered or has failed by now; who waits for it hears soon.
        deadline = time.monotonic() + 1
        while len(self.uploader.failures) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        failed = self.uploader.failures[before:]
        record.hits += bool(failed)
        record.kills.append(f"{kill.__name__}, {moment}: {failed[0] if failed else 'nobody noticed'}")

    def _reached(self, phase: str, moment: float) -> float | None:
        """Wait until that much of the phase is done and a request is under way.

        Returns how much is done then; None when the phase is over.
        """
        seconds = self.quiet_seconds[phase]
        progress = self._staged if phase == "staging" else self._processed
        if moment < 0:
            self.uploader.asking.wait()
            time.sleep(self.chance.uniform(0, seconds / 3))
            return progress()
        while (done := progress()) is None or done < moment:
            if not self.uploader.is_alive():
                return None
            time.sleep(0.005)
        if done >= 1:
            return None
        # Not always right after a commit: somewhere in the next piece of work.
        time.sleep(self.chance.uniform(0, min(0.7, seconds / 8)))
        self.uploader.asking.wait(5)
        return progress() if self.uploader.is_alive() else None

    def _staged(self) -> float | None:
        """The share of the file that is staged; None: nobody knows."""
        found = self.product.read(
            "select i.status, (select coalesce(max(r.row_no), 0) from ingest.import_rows r"
            " where r.org_id = i.org_id and r.import_id = i.import_id)"
            " from ingest.imports i where i.org_id = %s",
            self.org_id,
        )
        if not found:
            return None if found is None else 0.0
        status, line = found[0]
        return float(line / (self.lines + 1)) if status == "staging" else 1.0

    def _processed(self) -> float | None:
        """The share of the file's rows that is processed; None: nobody knows."""
        found = self.product.read(
            "select (success_rows + error_rows + skipped_rows + duplicate_rows)::float"
            " / nullif(total_rows, 0) from ingest.imports where org_id = %s",
            self.org_id,
        )
        return (found[0][0] or 0.0) if found else None
