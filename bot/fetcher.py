"""Fetches evidence after the commit: from Telegram to a file whose name says nothing.

Where and when a photo was taken is nobody's business: metadata of pictures is taken out. What
can't be fetched or cleaned is not kept, and the one who gave it is told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.calls import reason
from bot.keeping import keep
from bot.limiter import retry_seconds
from bot.logs import report
from bot.pictures import without_metadata
from handlers.reporting.pieces import LARGEST, Why
from storage import evidence
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

TRIES = 5
PAUSES = (2.0, 10.0, 60.0, 300.0)
AT_ONCE = 4
NotKept = Callable[[int, Why], Awaitable[None]]


class Fetcher:
    """One loop; wake() it after something was attached."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        folder: Path,
        not_kept: NotKept,
        on_duty: asyncio.Event,
    ) -> None:
        self._bot = bot
        self._database = database
        self._folder = folder
        self._not_kept = not_kept
        self._on_duty = on_duty
        self._cleaning = asyncio.Lock()  # one picture at a time in memory
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()

    def wake(self) -> None:
        """Look again: something was attached."""
        self._quiet.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until everything that can be fetched is."""
        await self._quiet.wait()

    async def run(self) -> None:
        """Fetch until cancelled, while on duty."""
        pause = 0
        while True:
            if not self._on_duty.is_set():
                self._quiet.set()
                await self._on_duty.wait()
            self._wake.clear()
            failed = False
            try:
                rows = await self._database.read(lambda tx: evidence.to_fetch(tx, AT_ONCE, TRIES))
                results = await asyncio.gather(*(self._fetch(row) for row in rows))
                failed = not all(results)
            except StorageError as error:
                report(log, "evidence not fetched", error)
                failed, rows = True, []
            if rows and not failed:
                pause = 0
                continue
            if not rows and not self._wake.is_set():
                self._quiet.set()
            wait = PAUSES[min(pause, len(PAUSES) - 1)] if failed else None
            pause = pause + 1 if failed else 0
            await _wait(self._wake, wait)

    async def _fetch(self, row: evidence.ToFetch) -> bool:
        """Fetch one; False when it is worth another try."""
        try:
            file = await self._bot.get_file(row.channel_reference)
            content = bytes(await file.download_as_bytearray(read_timeout=60))
            if len(content) > LARGEST:
                await self._not_kept(row.id, "too_big")
                return True
            async with self._cleaning:
                clean = await asyncio.to_thread(without_metadata, content)
            if clean is None:
                log.warning("evidence can't be cleaned", evidence=row.id)
                await self._not_kept(row.id, "unclean")
                return True
            await keep(self._database, self._folder, row.id, clean)
        except BadRequest as error:  # too big, or gone: no later try will do better
            log.warning("evidence can't be fetched", evidence=row.id, reason=reason(error))
            await self._not_kept(row.id, "too_big" if "too big" in str(error) else "not_fetched")
        except RetryAfter as error:
            await asyncio.sleep(retry_seconds(error))
            return False
        except (TelegramError, OSError) as error:
            log.warning("evidence not fetched", evidence=row.id, error=type(error).__name__)
            await self._database.write(lambda tx: evidence.fetch_failed(tx, row.id))
            return False
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - one file must not stop the bot
            report(log, "evidence failed", error, evidence=row.id)
            await self._database.write(lambda tx: evidence.fetch_failed(tx, row.id))
            return False
        return True


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
