"""`/metrics`: the program's counters, and gauges that each request reads from the database."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from prometheus_client import generate_latest

from bot.operations.folders import free_bytes
from bot.operations.metrics import Metrics
from bot.operations.readiness import OK, Readiness
from bot.service.clock import Clock
from storage.database_statistics import database_statistics, newest_change
from storage.engine.database import Database
from storage.errors import StorageError

SECONDS_TO_READ = 5.0  # Prometheus itself waits for ten


class MetricsPage:
    """Fills the gauges; those of the database stay unchanged while it can't be read."""

    def __init__(
        self,
        metrics: Metrics,
        database: Database,
        clock: Clock,
        readiness: Readiness,
        folder: Path,
        age: Callable[[], float],
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._clock = clock
        self._readiness = readiness
        self._folder = folder
        self._counted = 0  # the newest history entry whose answers are counted
        self._failures = 0
        self._lock = asyncio.Lock()  # two requests at once would count the same answers
        metrics.writes.set_function(lambda: database.waiting)
        metrics.taken_in_age.set_function(age)

    async def start(self) -> None:
        """Begin to count answers from now on."""
        self._counted = await self._database.read(newest_change)

    async def page(self) -> bytes:
        """Return the text that Prometheus reads."""
        async with self._lock:
            for part, state in (await self._readiness.look()).items():
                self._metrics.ready.labels(part).set(state == OK)
            with suppress(StorageError, TimeoutError):  # the gauge `ready` shows it
                async with asyncio.timeout(SECONDS_TO_READ):
                    await self._read_database()
            self._count_failures()
            free = await asyncio.to_thread(free_bytes, self._folder)
            self._metrics.free_bytes.set(free)
            return generate_latest(self._metrics.registry)

    async def _read_database(self) -> None:
        metrics, now = self._metrics, self._clock.now()
        found = await self._database.read(
            partial(database_statistics, now=now, after=self._counted)
        )
        # Answers are counted from the history, to include those of commands and other workers.
        self._counted = found.newest
        metrics.answers.inc(found.answers)
        for state, count in found.inbox.items():
            metrics.inbox.labels(state).set(count)
        for state, count in found.outbox.items():
            metrics.outbox.labels(state).set(count)
        metrics.due.set(found.due)
        metrics.plans.set(found.to_plan)
        metrics.database_bytes.set(found.size)
        metrics.evidence.labels("late").set(found.evidence.late)
        metrics.evidence.labels("waiting").set(found.evidence.waiting - found.evidence.late)

    def _count_failures(self) -> None:
        failures = self._database.failures
        self._metrics.database_failures.inc(failures - self._failures)
        self._failures = failures
