"""Sends the pictures and files of a screen: stored files, files of the messenger, or new exports.

It skips and logs a file that can't be sent, because the screen names the file anyway. When an
export fails, it sends the person a sentence.
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

from bot.sending.exporting import ExportRefused, Exports
from handlers.flow.channel import TELEGRAM, Enclosure, bot_and_reference
from handlers.texts import texts_of
from storage.evidence.evidence_files import path_of

log = structlog.get_logger(__name__)

LONGEST_CAPTION = 1024
MOST_AT_ONCE = 10  # Telegram's limit for one album


class Retry(Protocol):
    """Makes a call that a person waits for, with retries."""

    async def __call__(self, call: Callable[[], Awaitable[object]]) -> object:
        """Return the result of the call."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A chat, or a topic of it."""

    chat: int
    topic: int | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """One enclosure to send; `content` is set for an export."""

    kind: str
    caption: str
    of: Enclosure
    name: str | None = None
    content: bytes | None = None


class Enclosures:
    """Sends enclosures to a chat, several photos as one album."""

    def __init__(self, bot: Bot, folder: Path | None, exports: Exports | None = None) -> None:
        self._bot = bot
        self._folder = folder
        self._exports = exports

    async def send(
        self,
        chat: str,
        enclosures: Sequence[Enclosure],
        retry: Retry,
        topic: int | None = None,
    ) -> None:
        """Send all enclosures that can be read or made to the chat or topic, photos first."""
        place = _Place(int(chat), topic)
        pieces = [p for one in enclosures for p in await self._pieces(place, one, retry)]
        photos = [one for one in pieces if one.kind == "photo"][:MOST_AT_ONCE]
        files = [one for one in pieces if one.kind != "photo"]
        if len(photos) > 1 and await self._try(partial(self._album, place, photos), retry):
            photos = []
        for one in (*photos, *files):
            if not await self._try(partial(self._one, place, one), retry) and one.of.making:
                failed = texts_of(one.of.making.language).say("exports.failed")
                await self._try(partial(self._say, place, failed), retry)

    async def _pieces(self, place: _Place, one: Enclosure, retry: Retry) -> list[_Piece]:
        if one.making is None or self._exports is None:
            return [_Piece(one.kind, one.caption, one)]
        photo = one.kind == "photo"
        action = ChatAction.UPLOAD_PHOTO if photo else ChatAction.UPLOAD_DOCUMENT
        typing = partial(
            self._bot.send_chat_action, place.chat, action, message_thread_id=place.topic
        )
        await self._try(typing, retry)
        try:
            files = await self._exports.made(one.making)
        except ExportRefused as reason:
            await self._try(partial(self._say, place, str(reason)), retry)
            return []
        return [
            _Piece(one.kind, "" if number else one.caption, one, file.name, file.content)
            for number, file in enumerate(files)
        ]

    async def _say(self, place: _Place, sentence: str) -> None:
        await self._bot.send_message(
            place.chat, sentence, parse_mode="HTML", message_thread_id=place.topic
        )

    async def _try(self, call: Callable[[], Awaitable[object]], retry: Retry) -> bool:
        try:
            await retry(call)
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
            bot, reference = bot_and_reference(one.reference or "")
            if bot != TELEGRAM or not reference:
                raise LookupError("the enclosure has no file and no reference of this bot")
            return reference
        data = await asyncio.to_thread(path_of(self._folder, one.path).read_bytes)
        return InputFile(data, filename=one.name or Path(one.path).name, attach=one.kind == "photo")
