"""What happens by the clock: a few fixed ticks, everything else is a row that one of them finds."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.logs import report
from bot.sender import Sender
from storage import evidence, inbox, outbox, people, rounds
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

TICK_SECONDS = 30
SWEEP_HOURS = 1


class Ticks:
    """Rounds begin and close, due messages go out, old things are swept away."""

    def __init__(
        self, database: Database, sender: Sender, clock: Clock, zone: ZoneInfo, folder: Path
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._zone = zone
        self._folder = folder

    def start(self, stack: AsyncExitStack) -> None:
        """Tick until the stack is closed."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_job(self.tick, "interval", seconds=TICK_SECONDS)
        scheduler.add_job(self.sweep, "interval", hours=SWEEP_HOURS)
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)

    async def tick(self) -> None:
        """Begin and close the rounds whose time has come, and wake the outbox."""
        now = self._clock.now()
        try:
            due = await self._database.read(lambda tx: rounds.rounds_due(tx, now))
            for round_ in due:
                await self._turn(round_)
        except StorageError as error:
            report(log, "rounds not turned", error)
        self._sender.wake()

    async def sweep(self) -> None:
        """Drop what is kept no longer."""
        now = self._clock.now()

        def work(tx: Connection) -> None:
            inbox.purge(tx, now)
            outbox.purge(tx, now)
            people.forget_withdrawn(tx, now)

        try:
            await self._database.write(work)
            await self._delete_files()
        except (StorageError, OSError) as error:
            report(log, "not swept", error)

    async def _delete_files(self) -> None:
        """Delete from the disk what was taken away from a report."""
        for number, path in await self._database.read(evidence.files_to_delete):
            file = self._folder / path
            await asyncio.to_thread(file.unlink, missing_ok=True)
            await self._database.write(
                lambda tx: evidence.file_deleted(tx, number)  # noqa: B023 - used at once
            )

    async def _turn(self, round_: rounds.Round) -> None:
        now = self._clock.now()

        def work(tx: Connection) -> None:
            if round_.state == "planned":
                rounds.begin_round(tx, round_.id, now, on=now.astimezone(self._zone).date())
            else:
                rounds.close_round(tx, round_.id, now, way="schedule")

        try:
            await self._database.write(work)
        except rounds.RoundExists:  # it begins when the other one is closed
            log.warning("round not begun, another one is open", round=round_.id)
        else:
            log.info("round turned", round=round_.id, was=round_.state)
