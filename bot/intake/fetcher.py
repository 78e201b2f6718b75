"""Fetches the files that people sent, after the commit: evidence, photos of difficulties, rosters.

A child process (bot/file_sandbox) opens each file, because a file may be malicious. After a
temporary failure the fetcher tries again. A file that can't be fetched or opened isn't stored, and
its sender gets a message.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.file_sandbox.evidence import is_picture
from bot.file_sandbox.process import ChildFailed
from bot.messengers import FileNotFetched, FilePostponed, FileRefused, Files
from bot.operations.logs import report
from bot.service.clock import Clock
from bot.service.waiting import wait_for_event
from handlers.report.attachment_rules import Why
from storage.engine.database import Database
from storage.errors import StorageError
from storage.fetching import LONGEST_PAUSE, FetchQueue, ToFetch

log = structlog.get_logger(__name__)

AT_ONCE = 4
MOST_OPENINGS = 2  # a file that killed two processes is not opened again
# Pauses between the attempts for one file; the last one repeats.
PAUSES = (
    *(timedelta(seconds=seconds) for seconds in (2, 10)),
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
)
# Seconds. A photo of a difficulty becomes due with the text that it belongs to, without wake();
# its address may be valid for some minutes only.
LONGEST_SLEEP = 10.0


class FileKind(Protocol):
    """What differs between evidence, photos of difficulties and rosters."""

    name: str  # for the log
    queue: FetchQueue
    largest: int  # bytes

    def given_up(self, row: ToFetch, now: datetime) -> bool:
        """Return whether the failed attempt was the last one."""

    async def keep(self, row: ToFetch, content: bytes) -> Why | None:
        """Open the file and store its content; return the reason when it can't be stored.

        It raises ChildFailed when the child process ended.
        """

    async def not_kept(self, row: ToFetch, why: Why) -> None:
        """Tell the file's sender that it isn't stored."""


class Fetcher:
    """One loop; call wake() after an attachment was stored."""

    def __init__(
        self,
        files: Files,
        database: Database,
        clock: Clock,
        kinds: Sequence[FileKind],
        active: asyncio.Event,
    ) -> None:
        self._files = files
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._active = active
        self._opening = asyncio.Lock()  # one file at a time in memory
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()

    def wake(self) -> None:
        """Check for due files now: a file was attached, or the clock was moved."""
        self._quiet.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until all due files are fetched or postponed."""
        await self._quiet.wait()

    async def run(self) -> None:
        """Fetch until cancelled, while this is the active worker."""
        while True:
            if not self._active.is_set():
                self._quiet.set()
                await self._active.wait()
            self._wake.clear()
            try:
                wait = min([await self._fetch_due(kind) for kind in self._kinds])
            except StorageError as error:
                report(log, "files not fetched", error)
                wait = LONGEST_SLEEP
            if wait == 0:
                continue
            if not self._wake.is_set():
                self._quiet.set()
            await wait_for_event(self._wake, wait)

    async def _fetch_due(self, kind: FileKind) -> float:
        """Fetch some due files of one kind; return the seconds until the next check."""
        rows = await self._database.read(lambda tx: kind.queue.to_fetch(tx, AT_ONCE))
        now = self._clock.now()
        due = [row for row in rows if row.due(now)]
        if due:
            await asyncio.gather(*(self._fetch(kind, row) for row in due))
            return 0
        soonest = min(((row.after - now).total_seconds() for row in rows), default=LONGEST_SLEEP)
        return min(soonest, LONGEST_SLEEP)

    async def _fetch(self, kind: FileKind, row: ToFetch) -> None:
        """Try to fetch one file and store the result in its row."""
        try:
            content = await self._files.fetch(row.reference, kind.largest)
            await self._open(kind, row, content)
        except FilePostponed as error:
            await self._later(kind, row, min(error.after, LONGEST_PAUSE))
        except FileRefused as error:
            log.warning("file can't be fetched", kind=kind.name, row=row.id, reason=str(error))
            await kind.not_kept(row, error.why)
        except FileNotFetched as error:
            await self._failed(kind, row, str(error))
        except OSError as error:
            await self._failed(kind, row, type(error).__name__)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - one file must not stop the bot
            report(log, "file failed", error, kind=kind.name, row=row.id)
            await self._failed(kind, row, type(error).__name__)

    async def _open(self, kind: FileKind, row: ToFetch, content: bytes) -> None:
        if row.openings >= MOST_OPENINGS:  # each opening has ended the child or the bot itself
            log.warning("file can't be opened", kind=kind.name, row=row.id, openings=row.openings)
            await kind.not_kept(row, "unclean" if is_picture(content) else "unopened")
            return
        # Count before the opening: if the file ends the process, the count remains.
        async with self._opening:
            await self._database.write(lambda tx: kind.queue.count_opening(tx, row))
            try:
                why = await kind.keep(row, content)
            except ChildFailed as error:
                log.warning("file ended its process", kind=kind.name, row=row.id, reason=str(error))
                await self._later(kind, row, PAUSES[0])
                return
        if why is not None:
            log.warning("file can't be kept", kind=kind.name, row=row.id, reason=why)
            await kind.not_kept(row, why)

    async def _failed(self, kind: FileKind, row: ToFetch, why: str) -> None:
        """Retry later after a temporary failure, or give up."""
        now = self._clock.now()
        if kind.given_up(row, now):
            log.warning(
                "file given up", kind=kind.name, row=row.id, tries=row.tries + 1, reason=why
            )
            await kind.not_kept(row, "not_fetched")
            return
        if row.tries == 0:  # one log line per file, not fifty a day
            log.warning("file not fetched", kind=kind.name, row=row.id, reason=why)
        after = now + PAUSES[min(row.tries, len(PAUSES) - 1)]
        await self._database.write(lambda tx: kind.queue.failed(tx, row, after))

    async def _later(self, kind: FileKind, row: ToFetch, pause: timedelta) -> None:
        after = self._clock.now() + pause
        await self._database.write(lambda tx: kind.queue.later(tx, row, after))
