"""Pictures with a screen, by address: Zalo takes no upload and no documents.

What can't be shown here is said in words, with what to do instead.
"""

import asyncio
from pathlib import Path

import structlog

from bot.sending.exporting import ExportRefused, Exports
from bot.signed_urls.temporary_files import Address, NoAddress, TemporaryFiles
from bot.zalo.calls import Calls, with_retries
from bot.zalo.client import Refused
from handlers.flow.channel import Enclosure, Shown, bot_and_reference
from handlers.texts import DEFAULT_LANGUAGE, Texts, texts_of, without_tags
from storage.evidence.evidence_files import path_of

log = structlog.get_logger(__name__)


class Enclosures:
    """Shows what has an address, which Zalo and people can read for some minutes; says the rest."""

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

    async def shown(self, chat: str, shown: Shown) -> list[str]:
        """Show the pictures of a screen; returns what is to be said besides."""
        said: list[str] = []
        if shown.picture is not None and self._temporary_files.is_public:
            content = await asyncio.to_thread(shown.picture.draw)
            made = await self._temporary_files.put(content, shown.picture.name)
            if isinstance(made, Address):
                await self._photo(chat, made.url)
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
        if not self._temporary_files.is_public:  # before an export is made for nothing
            return [texts.say("files.no_address")]
        return await self._addressed(chat, one, texts)

    async def _addressed(self, chat: str, one: Enclosure, texts: Texts) -> list[str]:
        """Show a file that has an address: a picture as it is, a document by its address."""
        if one.making is not None:
            try:
                files = await self._exports.made(one.making)
            except ExportRefused as reason:
                return [without_tags(str(reason))]
            contents: list[tuple[str, bytes | Path]] = [(one.name, one.content) for one in files]
        else:
            kept = path_of(self._folder, one.path or "")
            contents = [(one.name or kept.name, kept)]
        said = []
        for place, (name, content) in enumerate(contents):
            made = await self._temporary_files.put(content, name)
            if isinstance(made, NoAddress):
                said.append(str(texts.say("files.no_room")))
            elif one.kind == "photo":
                caption = "" if place else without_tags(one.caption)  # of all pictures, said once
                await self._photo(chat, made.url, caption)
            else:
                said.append(str(texts.say("files.at", name=name, address=made.url)))
        return said

    async def _photo(self, chat: str, address: str, caption: str = "") -> None:
        try:
            await with_retries(lambda: self._calls.photo(chat, address, caption))
        except Refused as error:  # the screen names it anyway
            log.warning("picture not shown", bot=self._bot, reason=str(error))
