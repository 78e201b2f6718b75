"""Fetches evidence after the commit, into files with random names; so are photos of
difficulties, and rosters.

A child process (bot/opening) removes metadata such as where a photo was taken. A temporary failure
is retried for a day; a file that can't be fetched or cleaned isn't kept, and its giver is told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import structlog

from bot.intake.difficulty_photos import DifficultyPhotos
from bot.intake.evidence_files import keep
from bot.intake.workbooks import Workbooks
from bot.messengers import FileNotFetched, FilePostponed, FileRefused, Files
from bot.opening.evidence import Clean, is_picture, renamed
from bot.opening.process import NotOpened, opened
from bot.operations.logs import report
from bot.service.clock import Clock
from handlers.report.attachment_rules import LARGEST, Why
from storage import evidence
from storage.engine.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

AT_ONCE = 4
MOST_OPENINGS = 2  # a file that killed two child processes is not opened again
# Pauses between the attempts for one file; the last one repeats.
PAUSES = (
    *(timedelta(seconds=seconds) for seconds in (2, 10)),
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
)
TRIED_FOR = timedelta(days=1)
LEAST_TRIES = 12  # over three hours: so a wrong clock alone gives no file up
SECONDS_TO_LOOK_AGAIN = 60.0
NotKept = Callable[[int, Why], Awaitable[None]]


class Fetcher:
    """One loop; call wake() after an attachment was stored."""

    def __init__(
        self,
        files: Files,
        database: Database,
        clock: Clock,
        folder: Path,
        not_kept: NotKept,
        workbooks: Workbooks,
        photos: DifficultyPhotos,
        active: asyncio.Event,
    ) -> None:
        self._files = files
        self._database = database
        self._clock = clock
        self._folder = folder
        self._not_kept = not_kept
        self._workbooks = workbooks
        self._photos = photos
        self._active = active
        self._opening = asyncio.Lock()  # one file at a time in memory
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()

    def wake(self) -> None:
        """Check again now: a file was attached, or the clock was moved."""
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
                waits = (
                    await self._fetch_due(), await self._photos.fetch_due(),
                    await self._workbooks.fetch_due(),
                )  # fmt: skip
                wait = min((one for one in waits if one is not None), default=None)
            except StorageError as error:
                report(log, "evidence not fetched", error)
                wait = SECONDS_TO_LOOK_AGAIN
            if wait == 0:
                continue
            if not self._wake.is_set():
                self._quiet.set()
            await _wait(self._wake, wait)

    async def _fetch_due(self) -> float | None:
        """Fetch some due files; return seconds until the next check, None to wait for wake()."""
        rows = await self._database.read(lambda tx: evidence.to_fetch(tx, AT_ONCE))
        now = self._clock.now()
        due = [row for row in rows if row.due(now)]
        if due:
            await asyncio.gather(*(self._fetch(row) for row in due))
            return 0
        if not rows:
            return None
        next_due = min(row.fetch_after for row in rows)
        return min((next_due - now).total_seconds(), SECONDS_TO_LOOK_AGAIN)

    async def _fetch(self, row: evidence.ToFetch) -> None:
        """Try to fetch one file and store the result in its row."""
        try:
            await self._keep(row, await self._files.fetch(row.channel_reference, LARGEST))
        except FilePostponed as error:
            await self._later(row, min(error.after, evidence.LONGEST_PAUSE))
        except FileRefused as error:
            log.warning("evidence can't be fetched", evidence=row.id, reason=str(error))
            await self._not_kept(row.id, error.why)
        except FileNotFetched as error:
            await self._failed(row, str(error))
        except OSError as error:
            await self._failed(row, type(error).__name__)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - one file must not stop the bot
            report(log, "evidence failed", error, evidence=row.id)
            await self._failed(row, type(error).__name__)

    async def _keep(self, row: evidence.ToFetch, content: bytes) -> None:
        """Clean the file in a child process and store the result."""
        if row.openings >= MOST_OPENINGS:  # each opening has killed the child, or the bot itself
            log.warning("evidence can't be opened", evidence=row.id, openings=row.openings)
            await self._not_kept(row.id, "unclean" if is_picture(content) else "unopened")
            return
        # Counted before the opening: if the file kills the process, the count remains.
        async with self._opening:
            await self._database.write(lambda tx: evidence.count_opening(tx, row))
            try:
                answer = await opened("evidence", content)
            except NotOpened as error:
                log.warning("evidence ended its process", evidence=row.id, reason=str(error))
                await self._later(row, PAUSES[0])
                return
        clean = Clean.of(answer)
        if not isinstance(clean, Clean):
            log.warning("evidence can't be cleaned", evidence=row.id, reason=answer.says["reason"])
            await self._not_kept(row.id, clean)
            return
        name = renamed(row.original_name, clean.ending)
        await keep(self._database, self._folder, row.id, clean.content, clean.media_type, name)

    async def _failed(self, row: evidence.ToFetch, why: str) -> None:
        """Retry later after a temporary failure, or give up after a day."""
        now, tries = self._clock.now(), row.fetch_tries + 1
        if tries >= LEAST_TRIES and now - row.given_at >= TRIED_FOR:
            log.warning("evidence given up", evidence=row.id, tries=tries, reason=why)
            await self._not_kept(row.id, "not_fetched")
            return
        if tries == 1:  # one log line per file, not fifty a day
            log.warning("evidence not fetched", evidence=row.id, reason=why)
        after = now + PAUSES[min(row.fetch_tries, len(PAUSES) - 1)]
        await self._database.write(lambda tx: evidence.fetch_failed(tx, row, after))

    async def _later(self, row: evidence.ToFetch, pause: timedelta) -> None:
        after = self._clock.now() + pause
        await self._database.write(lambda tx: evidence.fetch_later(tx, row.id, after))


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
