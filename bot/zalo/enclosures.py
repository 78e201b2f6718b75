"""Sends the pictures of a screen by their addresses: Zalo accepts no uploads and no documents.

For a file that can't be shown, a text says so and what to do instead.
"""

import asyncio
from pathlib import Path

import structlog

from bot.sending.exporting import ExportRefused, Exports
from bot.signed_urls.temporary_files import NoAddress, SignedUrl, TemporaryFiles
from bot.zalo.calls import Calls, with_retries
from bot.zalo.client import Refused
from handlers.flow.channel import Enclosure, Shown, bot_and_reference
from handlers.texts import DEFAULT_LANGUAGE, Texts, texts_of, without_tags
from storage.evidence.evidence_files import path_of

log = structlog.get_logger(__name__)


class Enclosures:
    """Sends files by addresses that Zalo and people can open for some minutes."""

    def __init__(
        self,
        bot: str,
        calls: Calls,
        exports: Exports,
        folder: Path,
        temporary_files: TemporaryFiles,
    ) -> None:
        self._bot = bot
        self._calls = calls
        self._exports = exports
        self._folder = folder
        self._temporary_files = temporary_files

    async def send(self, chat: str, shown: Shown) -> list[str]:
        """Send the pictures of a screen; return the texts to show for its other files."""
        texts: list[str] = []
        if shown.picture is not None and self._temporary_files.is_public:
            content = await asyncio.to_thread(shown.picture.draw)
            made = await self._temporary_files.put(content, shown.picture.name)
            if isinstance(made, SignedUrl):
                await self._photo(chat, made.url)
        for one in shown.enclosures:
            texts += await self._send_one(chat, one)
        return list(dict.fromkeys(texts))

    async def _send_one(self, chat: str, one: Enclosure) -> list[str]:
        texts = texts_of(one.making.language if one.making is not None else DEFAULT_LANGUAGE)
        bot, reference = bot_and_reference(one.reference or "")
        if one.path is None and one.making is None:
            if bot != self._bot or one.kind != "photo":
                return [texts.say("files.elsewhere")]
            await self._photo(chat, reference, without_tags(one.caption))
            return []
        if not self._temporary_files.is_public:  # don't make an export that nobody can open
            return [texts.say("files.no_address")]
        return await self._send_by_address(chat, one, texts)

    async def _send_by_address(self, chat: str, one: Enclosure, texts: Texts) -> list[str]:
        """Give a file an address: send a picture, return a text with a document's address."""
        if one.making is not None:
            try:
                files = await self._exports.made(one.making)
            except ExportRefused as reason:
                return [without_tags(str(reason))]
            contents: list[tuple[str, bytes | Path]] = [(one.name, one.content) for one in files]
        else:
            stored = path_of(self._folder, one.path or "")
            contents = [(one.name or stored.name, stored)]
        lines = []
        for position, (name, content) in enumerate(contents):
            made = await self._temporary_files.put(content, name)
            if isinstance(made, NoAddress):
                lines.append(str(texts.say("files.no_room")))
            elif one.kind == "photo":
                # The caption belongs to all pictures, so only the first one has it.
                caption = "" if position else without_tags(one.caption)
                await self._photo(chat, made.url, caption)
            else:
                lines.append(str(texts.say("files.at", name=name, address=made.url)))
        return lines

    async def _photo(self, chat: str, address: str, caption: str = "") -> None:
        try:
            await with_retries(lambda: self._calls.photo(chat, address, caption))
        except Refused as error:  # the screen's text is shown in any case
            log.warning("picture not shown", bot=self._bot, reason=str(error))
