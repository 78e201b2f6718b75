"""The conversation in a terminal: a person types /1, /2 … for a button; any other text is text.

The slash distinguishes a button's number from a number as an answer. `/file PATH` sends a picture
or file; received files are written to the current folder.

It needs no messenger, and can run at the same time as the bot. It shows no reminders and notices.
"""

import asyncio
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bot.criteria_sets import sets_of
from bot.file_sandbox.evidence import Clean, Why, renamed
from bot.file_sandbox.process import ChildFailed, run_in_child
from bot.intake.evidence_files import StoredFile, put
from bot.language import gettext as _
from bot.operations.folders import free_bytes
from bot.sending.exporting import ExportRefused, Exports
from bot.service.clock import Clock
from bot.settings import Settings
from handlers.conversation import dispatch
from handlers.conversation.shown_messages import store_shown
from handlers.flow.asked_screen import choices
from handlers.flow.channel import (
    TERMINAL,
    Attachment,
    Button,
    Capabilities,
    Enclosure,
    Incoming,
    Reply,
    Screen,
    Sender,
    Shown,
    file_at,
)
from handlers.flow.deployment import Deployment
from handlers.texts import without_tags
from storage.engine.database import Database
from storage.evidence import evidence
from storage.people.short_codes import ShortCodes

_CHOICE = re.compile(r"/(\d{1,2})", re.ASCII)
_MOST_WAITING = 10_000
_FILE = re.compile(r"/file +(\S.*)")


class TerminalChannel:
    """The channel of one person at a terminal: turns lines to Incomings, and replies to lines."""

    def __init__(self, sender: Sender, write: Callable[[str], None]) -> None:
        self._sender = sender
        self._write = write
        self._screens: dict[str, Screen] = {}
        self._newest: str | None = None
        self._messages = 0
        self._unknown = True  # the person hasn't joined

    def incoming(self, line: str) -> Incoming | None:
        """Return the Incoming of a typed line; None for a number without a button."""
        slashed = f"/{line}" if self._unknown and line.isdecimal() else line
        chosen = _CHOICE.fullmatch(slashed)
        if chosen is None:
            self._messages += 1
            return Incoming(self._sender, "text", text=line, message=str(self._messages))
        buttons = self._buttons()
        index = int(chosen[1]) - 1
        if not 0 <= index < len(buttons):
            self._write(_("There is no choice {line}.", line=line))
            return None
        data = buttons[index].data or ""
        return Incoming(self._sender, "press", data=data, message=self._newest)

    def tell(self, sentence: str) -> None:
        """Print a message of the terminal itself, not of the conversation."""
        self._write(sentence)

    def attached(self, attachment: Attachment) -> Incoming:
        """Return the Incoming of a file."""
        self._messages += 1
        return Incoming(
            self._sender, "attachment", message=str(self._messages), attachment=attachment
        )

    def show(self, reply: Reply) -> list[tuple[Shown, str]]:
        """Print a reply; return each screen with its message id."""
        # Before the consent no question takes a number, so a number needs no slash.
        self._unknown = reply.person is None
        if reply.toast:
            self._write(f"({without_tags(reply.toast)})")
        return [(shown, self._show_one(shown)) for shown in reply.shown]

    def _show_one(self, shown: Shown) -> str:
        if shown.edit in self._screens and shown.edit is not None:
            message = shown.edit
        else:
            self._messages += 1
            message = str(self._messages)
        self._screens = {message: shown.screen}  # only the newest screen's buttons work here
        self._newest = message
        self._write("")
        if shown.picture is not None:
            self._write(f"[{shown.picture.name}]")
        for one in shown.enclosures:
            where = one.path or one.reference or one.name or one.kind
            self._write(f"[📎 {without_tags(one.caption)}: {where}]")
        self._write(without_tags(shown.screen.text))
        for row in choices(shown.screen):
            for choice in row:
                how = f"/{choice.number}" if choice.number is not None else choice.button.url
                self._write(f"  {how} {choice.button.label}")
        return message

    def _buttons(self) -> list[Button]:
        screen = self._screens.get(self._newest or "")
        return [one for row in screen.rows for one in row if one.data] if screen else []


class Terminal:
    """One person's conversation on the database; it writes received files to `folder`."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        channel: TerminalChannel,
        clock: Clock,
        folder: Path,
    ) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock
        self._folder = folder
        self._data_dir = settings.data_dir
        self._deployment = Deployment(
            settings.timezone,
            "",
            settings.operator_ids,
            sets_of(settings.data_dir)[0],
            room=partial(free_bytes, settings.data_dir),
            short_codes=ShortCodes.of(settings.data_dir),
            evidence_months=settings.keep_evidence_months,
            round_years=settings.keep_rounds_years,
            bots={TERMINAL: Capabilities(buttons=False, unasked=False)},
        )
        self._exports = Exports(database, settings.data_dir, settings.timezone)

    async def say(self, line: str) -> None:
        """Handle one typed line and show the reply."""
        if file := _FILE.fullmatch(line):
            await self._send_file(Path(file[1]))
            return
        incoming = self._channel.incoming(line)
        if incoming is not None:
            await self._handle(incoming)

    async def _send_file(self, path: Path) -> None:
        """Send a file to the conversation; store it below DATA_DIR if it becomes evidence."""
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            self._channel.tell(
                _("{path} can't be read: {strerror}.", path=path, strerror=error.strerror or error)
            )
            return
        clean: Clean | Why
        try:
            clean = Clean.of(await run_in_child("evidence", content))
        except ChildFailed:
            clean = "unopened"
        if not isinstance(clean, Clean):
            self._channel.tell(
                _(
                    "{path} isn't taken ({clean}); a photo, a PDF or a Word file, please.",
                    path=path,
                    clean=clean,
                )
            )
            return
        size, photo = len(clean.content), clean.media_type.startswith("image/")
        name = renamed(path.name, clean.ending)
        attachment = Attachment(
            "photo" if photo else "file",
            file_at(TERMINAL, str(self._folder / path)),
            name,
            clean.media_type,
            size,
        )
        stored = await asyncio.to_thread(put, self._data_dir, clean.content)
        is_evidence = False

        def mark(tx: Connection) -> None:
            nonlocal is_evidence
            is_evidence = _mark_fetched(tx, attachment.reference, stored)

        try:
            await self._handle(self._channel.attached(attachment), mark)
        except BaseException:  # the commit may have succeeded: the bot's next start checks it
            stored.mark.leave()
            raise
        await asyncio.to_thread(partial(stored.end, named=is_evidence))

    async def _handle(
        self, incoming: Incoming, then: Callable[[Connection], None] | None = None
    ) -> None:
        now = self._clock.now()
        # Messengers date messages in whole seconds, and the conversation relies on this.
        if incoming.kind != "press":
            incoming = replace(incoming, written_at=now.replace(microsecond=0))

        def work(tx: Connection) -> Reply:
            reply = dispatch.handle(tx, incoming, now, self._deployment)
            if then is not None:
                then(tx)
            return reply

        reply = await self._database.write(work)
        made = [await self._with_files(one) for one in reply.shown]
        shown = self._channel.show(replace(reply, shown=tuple(made)))

        def remember(tx: Connection) -> None:
            for each, message in shown:
                if reply.person is not None:
                    replaced = message == each.edit
                    store_shown(
                        tx,
                        reply.person,
                        TERMINAL,
                        each,
                        message,
                        self._clock.now(),
                        replaced=replaced,
                    )

        await self._database.write(remember)

    async def _with_files(self, shown: Shown) -> Shown:
        """Write the screen's picture and exports to the folder; return it with their paths."""
        if shown.picture is not None:
            await self._write_file(shown.picture.name, await asyncio.to_thread(shown.picture.draw))
        ready: list[Enclosure] = []
        for one in shown.enclosures:
            if one.making is None:
                ready.append(one)
                continue
            try:
                files = await self._exports.made(one.making)
            except ExportRefused as reason:
                ready.append(replace(one, caption=str(reason), name="–"))
                continue
            ready += [
                replace(one, path=await self._write_file(file.name, file.content)) for file in files
            ]
        return replace(shown, enclosures=tuple(ready))

    async def _write_file(self, name: str, content: bytes) -> str:
        path = self._folder / name
        await asyncio.to_thread(path.write_bytes, content)
        return str(path)


def _mark_fetched(tx: Connection, reference: str, stored: StoredFile) -> bool:
    """Mark the file's evidence as fetched; return whether the file is evidence."""
    waiting = evidence.TO_FETCH.to_fetch(tx, _MOST_WAITING)
    rows = [one for one in waiting if one.reference == reference]
    for row in rows:
        evidence.fetched(tx, row.id, stored.name, stored.size, checksum=stored.checksum)
    return bool(rows)


async def converse(settings: Settings, person: str, language: str) -> None:
    """Run the conversation until the input ends."""
    channel = TerminalChannel(Sender(TERMINAL, person, person, language=language), print)
    async with Database(settings.database_url.get_secret_value(), upgrade=False) as database:
        terminal = Terminal(database, settings, channel, Clock(), Path.cwd())
        await terminal.say("/start")
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await terminal.say(line.strip())
