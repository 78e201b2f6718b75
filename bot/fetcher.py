"""Fetches evidence after the commit: from Telegram to a file whose name says nothing.

Where and when a photo was taken is nobody's business: metadata of pictures is taken out.
"""

import asyncio
import os
import secrets
from io import BytesIO
from pathlib import Path

import structlog
from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.limiter import retry_seconds
from bot.logs import report
from bot.telegram_channel import reason
from storage import evidence
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

LARGEST = 20 * 1024 * 1024  # what a bot may fetch from Telegram
LARGEST_PICTURE = 60_000_000  # pixels; more isn't a photo but an attempt to fill the memory
TRIES = 5
PAUSES = (2.0, 10.0, 60.0, 300.0)
AT_ONCE = 4
FORMATS = ("JPEG", "PNG", "WEBP")


class Fetcher:
    """One loop; wake() it after something was attached."""

    def __init__(self, bot: Bot, database: Database, folder: Path) -> None:
        self._bot = bot
        self._database = database
        self._folder = folder
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
        """Fetch until cancelled."""
        pause = 0
        while True:
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
                await self._database.write(lambda tx: evidence.give_up(tx, row.id))
                return True
            path, size = await asyncio.to_thread(store, self._folder, content)
            await self._database.write(lambda tx: evidence.fetched(tx, row.id, path, size))
        except BadRequest as error:  # too big, or gone: no later try will do better
            log.warning("evidence can't be fetched", evidence=row.id, reason=reason(error))
            await self._database.write(lambda tx: evidence.give_up(tx, row.id))
        except RetryAfter as error:
            await asyncio.sleep(retry_seconds(error))
            return False
        except (TelegramError, OSError) as error:
            log.warning("evidence not fetched", evidence=row.id, error=type(error).__name__)
            await self._database.write(lambda tx: evidence.fetch_failed(tx, row.id))
            return False
        return True


def store(folder: Path, content: bytes) -> tuple[str, int]:
    """Write the file without metadata; gives its path below `folder` and its size."""
    clean = without_metadata(content)
    name = secrets.token_hex(16)
    place = Path("evidence") / name[:2] / name
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{name}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(clean)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    return str(place), len(clean)


def without_metadata(content: bytes) -> bytes:
    """A picture without place, time and camera, the right way up; anything else as it is."""
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except (
        ImportError
    ):  # the extra `pictures` isn't installed; photos sent as such have none anyway
        return content
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > LARGEST_PICTURE or getattr(picture, "n_frames", 1) > 1:
                return content
            form = picture.format
            upright = ImageOps.exif_transpose(picture)
            upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
            upright.getexif().clear()
            written = BytesIO()
            upright.save(written, form, **({} if form == "PNG" else {"quality": 92}))
            return written.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return content  # not a picture, or a broken one


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
