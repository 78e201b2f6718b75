"""Pictures and files that come with a screen: from DATA_DIR, or by the messenger's own reference.

What can't be shown is left out, with a line in the log: the screen itself says what there is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog
from telegram import Bot, InputFile, InputMediaPhoto
from telegram.error import Forbidden, TelegramError

from handlers.channel import Enclosure

log = structlog.get_logger(__name__)

LONGEST_CAPTION = 1024
MOST_AT_ONCE = 10  # in one album


class Insist(Protocol):
    """Does a call that a person waits for, again where that helps."""

    async def __call__(self, call: Callable[[], Awaitable[object]]) -> object:
        """What the call gave in the end."""


class Enclosures:
    """Sends enclosures into a chat; several photos as one album."""

    def __init__(self, bot: Bot, folder: Path | None) -> None:
        self._bot = bot
        self._folder = folder

    async def send(self, chat: str, enclosures: Sequence[Enclosure], insist: Insist) -> None:
        """Send all that can be read, photos first."""
        photos = [one for one in enclosures if one.kind == "photo"][:MOST_AT_ONCE]
        files = [one for one in enclosures if one.kind != "photo"]
        if len(photos) > 1 and await self._tried(partial(self._album, chat, photos), insist):
            photos = []
        for one in (*photos, *files):
            await self._tried(partial(self._one, chat, one), insist)

    async def _tried(self, call: Callable[[], Awaitable[object]], insist: Insist) -> bool:
        try:
            await insist(call)
        except Forbidden:
            raise
        except (TelegramError, OSError, LookupError) as error:
            log.warning("enclosure not shown", reason=type(error).__name__)
            return False
        return True

    async def _album(self, chat: str, photos: Sequence[Enclosure]) -> None:
        media = [
            InputMediaPhoto(
                await self._content(one), caption=one.caption[:LONGEST_CAPTION], parse_mode="HTML"
            )
            for one in photos
        ]
        await self._bot.send_media_group(int(chat), media)

    async def _one(self, chat: str, one: Enclosure) -> None:
        content, caption = await self._content(one), one.caption[:LONGEST_CAPTION]
        if one.kind == "photo":
            await self._bot.send_photo(int(chat), content, caption=caption, parse_mode="HTML")
        else:
            await self._bot.send_document(int(chat), content, caption=caption, parse_mode="HTML")

    async def _content(self, one: Enclosure) -> InputFile | str:
        if one.path is None or self._folder is None:
            if one.reference is None:
                raise LookupError("neither a file nor a reference")
            return one.reference
        data = await asyncio.to_thread((self._folder / one.path).read_bytes)
        return InputFile(data, filename=one.name or Path(one.path).name, attach=one.kind == "photo")
