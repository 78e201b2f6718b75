"""Pictures and files that come with a screen: kept, by the messenger's own reference, or made now.

What can't be shown is left out, with a line in the log: the screen itself says what there is. Of
what was to be made the person is told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog
from telegram import Bot, InputFile, InputMediaPhoto
from telegram.constants import ChatAction
from telegram.error import Forbidden, TelegramError

from bot.sending.exporting import Exports, NotMade
from handlers.flow.channel import Enclosure
from handlers.texts import texts_of
from storage.evidence_files import path_of

log = structlog.get_logger(__name__)

LONGEST_CAPTION = 1024
MOST_AT_ONCE = 10  # in one album


class Insist(Protocol):
    """Does a call that a person waits for, again where that helps."""

    async def __call__(self, call: Callable[[], Awaitable[object]]) -> object:
        """What the call gave in the end."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where they go: a chat, or a topic of it."""

    chat: int
    topic: int | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """One message's enclosure; `content` of what was made now."""

    kind: str
    caption: str
    of: Enclosure
    name: str | None = None
    content: bytes | None = None


class Enclosures:
    """Sends enclosures into a chat; several photos as one album."""

    def __init__(self, bot: Bot, folder: Path | None, exports: Exports | None = None) -> None:
        self._bot = bot
        self._folder = folder
        self._exports = exports

    async def send(
        self,
        chat: str,
        enclosures: Sequence[Enclosure],
        insist: Insist,
        topic: int | None = None,
    ) -> None:
        """Send all that can be read or made, photos first, into the chat or a topic of it."""
        place = _Place(int(chat), topic)
        pieces = [p for one in enclosures for p in await self._pieces(place, one, insist)]
        photos = [one for one in pieces if one.kind == "photo"][:MOST_AT_ONCE]
        files = [one for one in pieces if one.kind != "photo"]
        if len(photos) > 1 and await self._tried(partial(self._album, place, photos), insist):
            photos = []
        for one in (*photos, *files):
            if not await self._tried(partial(self._one, place, one), insist) and one.of.making:
                failed = texts_of(one.of.making.language).say("exports.failed")
                await self._tried(partial(self._say, place, failed), insist)

    async def _pieces(self, place: _Place, one: Enclosure, insist: Insist) -> list[_Piece]:
        if one.making is None or self._exports is None:
            return [_Piece(one.kind, one.caption, one)]
        photo = one.kind == "photo"
        action = ChatAction.UPLOAD_PHOTO if photo else ChatAction.UPLOAD_DOCUMENT
        typing = partial(
            self._bot.send_chat_action, place.chat, action, message_thread_id=place.topic
        )
        await self._tried(typing, insist)
        try:
            files = await self._exports.made(one.making)
        except NotMade as reason:
            await self._tried(partial(self._say, place, str(reason)), insist)
            return []
        return [
            _Piece(one.kind, "" if number else one.caption, one, file.name, file.content)
            for number, file in enumerate(files)
        ]

    async def _say(self, place: _Place, sentence: str) -> None:
        await self._bot.send_message(
            place.chat, sentence, parse_mode="HTML", message_thread_id=place.topic
        )

    async def _tried(self, call: Callable[[], Awaitable[object]], insist: Insist) -> bool:
        try:
            await insist(call)
        except Forbidden:
            raise
        except (TelegramError, OSError, LookupError) as error:
            log.warning("enclosure not shown", reason=type(error).__name__)
            return False
        return True

    async def _album(self, place: _Place, photos: Sequence[_Piece]) -> None:
        media = [
            InputMediaPhoto(
                await self._content(one), caption=one.caption[:LONGEST_CAPTION], parse_mode="HTML"
            )
            for one in photos
        ]
        await self._bot.send_media_group(place.chat, media, message_thread_id=place.topic)

    async def _one(self, place: _Place, one: _Piece) -> None:
        content, caption = await self._content(one), one.caption[:LONGEST_CAPTION]
        send = self._bot.send_photo if one.kind == "photo" else self._bot.send_document
        await send(
            place.chat, content, caption=caption, parse_mode="HTML", message_thread_id=place.topic
        )

    async def _content(self, piece: _Piece) -> InputFile | str:
        if piece.content is not None:
            photo = piece.kind == "photo"
            return InputFile(piece.content, filename=piece.name, attach=photo)
        one = piece.of
        if one.path is None or self._folder is None:
            if one.reference is None:
                raise LookupError("neither a file nor a reference")
            return one.reference
        data = await asyncio.to_thread(path_of(self._folder, one.path).read_bytes)
        return InputFile(data, filename=one.name or Path(one.path).name, attach=one.kind == "photo")
