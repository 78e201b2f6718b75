"""Pictures with a screen, by address: Zalo takes no upload and no documents.

What can't be shown here is said in words, with what to do instead.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from bot.sending.exporting import ExportRefused, Exports
from bot.zalo.calls import Calls, retried
from bot.zalo.client import Refused
from handlers.flow.channel import Enclosure, Shown, bot_and_reference
from handlers.texts import DEFAULT_LANGUAGE, Texts, texts_of, without_tags
from storage.evidence_files import path_of

log = structlog.get_logger(__name__)

# Puts a file where Zalo, and people, can fetch it for some minutes; its address.
Publish = Callable[[str, bytes], Awaitable[str]]


class Enclosures:
    """Shows what it can; gives sentences for the rest. Without `publish` nothing has an address."""

    def __init__(
        self, bot: str, calls: Calls, exports: Exports, folder: Path, publish: Publish | None
    ) -> None:
        self._bot = bot
        self._calls = calls
        self._exports = exports
        self._folder = folder
        self._publish = publish

    async def shown(self, chat: str, shown: Shown) -> list[str]:
        """Show the pictures of a screen; returns what is to be said besides."""
        said: list[str] = []
        if shown.picture is not None and self._publish is not None:
            content = await asyncio.to_thread(shown.picture.draw)
            await self._photo(chat, await self._publish(shown.picture.name, content))
        for one in shown.enclosures:
            said += await self._enclosed(chat, one)
        return list(dict.fromkeys(said))

    async def _enclosed(self, chat: str, one: Enclosure) -> list[str]:
        texts = texts_of(one.making.language if one.making is not None else DEFAULT_LANGUAGE)
        bot, reference = bot_and_reference(one.reference or "")
        if one.path is None and one.making is None:
            if bot != self._bot or one.kind != "photo":
                return [texts.say("files.elsewhere")]
            await self._photo(chat, reference, without_tags(one.caption))
            return []
        if self._publish is None:
            return [texts.say("files.no_address")]
        return await self._published(chat, one, self._publish, texts)

    async def _published(
        self, chat: str, one: Enclosure, publish: Publish, texts: Texts
    ) -> list[str]:
        """Show a file that has an address: a picture as it is, a document by its address."""
        if one.making is not None:
            try:
                files = await self._exports.made(one.making)
            except ExportRefused as reason:
                return [without_tags(str(reason))]
            contents = [(file.name, file.content) for file in files]
        else:
            content = await asyncio.to_thread(path_of(self._folder, one.path or "").read_bytes)
            contents = [(one.name or Path(one.path or "").name, content)]
        said = []
        for name, content in contents:
            address = await publish(name, content)
            if one.kind == "photo":
                await self._photo(chat, address, without_tags(one.caption))
            else:
                said.append(str(texts.say("files.at", name=name, address=address)))
        return said

    async def _photo(self, chat: str, address: str, caption: str = "") -> None:
        try:
            await retried(lambda: self._calls.photo(chat, address, caption))
        except Refused as error:  # the screen names it anyway
            log.warning("picture not shown", bot=self._bot, reason=str(error))
