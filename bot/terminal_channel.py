"""The conversation in a terminal: choices get numbers, typed as /1, /2 …; all else is text.

Where a number can be an answer, the slash tells a choice from it.

It proves that the conversation knows nothing of Telegram, and works beside a running bot.
"""

import asyncio
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from bot.clock import Clock
from bot.criteria_sets import sets_of
from bot.dispatcher import Conversation
from bot.exporting import Exports, NotMade
from bot.settings import Settings
from handlers.channel import TERMINAL, Button, Enclosure, Incoming, Reply, Screen, Sender, Shown
from handlers.house import House
from handlers.texts import without_tags
from storage.conversations import remember_shown
from storage.database import Database

_CHOICE = re.compile(r"/(\d{1,2})", re.ASCII)


class TerminalChannel:
    """One person at one terminal: turns lines into Incomings and replies into lines."""

    def __init__(self, sender: Sender, write: Callable[[str], None]) -> None:
        self._sender = sender
        self._write = write
        self._screens: dict[str, Screen] = {}
        self._newest: str | None = None
        self._messages = 0
        self._stranger = True

    def incoming(self, line: str) -> Incoming | None:
        """What a typed line does; None for a number that no choice has."""
        slashed = f"/{line}" if self._stranger and line.isdecimal() else line
        chosen = _CHOICE.fullmatch(slashed)
        if chosen is None:
            self._messages += 1
            return Incoming(self._sender, "text", text=line, message=str(self._messages))
        buttons = self._buttons()
        index = int(chosen[1]) - 1
        if not 0 <= index < len(buttons):
            self._write(f"There is no choice {line}.")
            return None
        button = buttons[index]
        if button.data is None:
            self._write(button.url or "")
            return None
        return Incoming(self._sender, "press", data=button.data, message=self._newest)

    def show(self, reply: Reply) -> list[tuple[Shown, str]]:
        """Print a reply; gives each screen with the id it got."""
        self._stranger = reply.person is None  # who is asked nothing yet may leave the slash out
        if reply.toast:
            self._write(f"({without_tags(reply.toast)})")
        return [(shown, self._show_one(shown)) for shown in reply.shown]

    def _show_one(self, shown: Shown) -> str:
        if shown.edit in self._screens and shown.edit is not None:
            message = shown.edit
        else:
            self._messages += 1
            message = str(self._messages)
        self._screens = {message: shown.screen}  # only the newest can still be pressed here
        self._newest = message
        self._write("")
        if shown.picture is not None:
            self._write(f"[{shown.picture.name}]")
        for one in shown.enclosures:
            self._write(f"[📎 {without_tags(one.caption)}: {one.path or one.name or one.kind}]")
        self._write(without_tags(shown.screen.text))
        for number, button in enumerate(self._buttons(), start=1):
            self._write(f"  /{number} {button.label}")
        return message

    def _buttons(self) -> list[Button]:
        screen = self._screens.get(self._newest or "")
        return [button for row in screen.rows for button in row] if screen else []


async def converse(settings: Settings, person: str, language: str) -> None:
    """Talk until the input ends."""
    from handlers import entry

    sender = Sender(TERMINAL, person, person, language=language)
    channel = TerminalChannel(sender, print)
    house = House(settings.timezone, "", settings.operator_ids, sets_of(settings.data_dir))
    conversation = Conversation(entry.handle, entry.present)
    async with Database(settings.database_url.get_secret_value()) as database:
        exports = Exports(database, settings.data_dir, settings.timezone)
        await say(database, conversation, house, channel, exports, "/start")
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await say(database, conversation, house, channel, exports, line.strip())


async def say(
    database: Database,
    conversation: Conversation,
    house: House,
    channel: TerminalChannel,
    exports: Exports,
    line: str,
) -> None:
    """One line of the person, and what answers it."""
    incoming = channel.incoming(line)
    if incoming is None:
        return
    now = Clock().now()
    reply = await database.write(lambda tx: conversation.handle(tx, incoming, now, house))
    made = [await _with_files(one, exports) for one in reply.shown]
    shown = channel.show(replace(reply, shown=tuple(made)))

    def remember(tx: Connection) -> None:
        for each, message in shown:
            if each.purpose is not None and reply.person is not None:
                remember_shown(tx, reply.person, each.purpose, message, each.revision)

    await database.write(remember)


async def _with_files(shown: Shown, exports: Exports) -> Shown:
    """The same with what was to be made as files in the folder where the terminal stands."""
    ready: list[Enclosure] = []
    for one in shown.enclosures:
        if one.making is None:
            ready.append(one)
            continue
        try:
            files = await exports.made(one.making)
        except NotMade as reason:
            ready.append(replace(one, caption=str(reason), name="–"))
            continue
        for file in files:
            path = Path.cwd() / file.name
            await asyncio.to_thread(path.write_bytes, file.content)
            ready.append(replace(one, path=str(path)))
    return replace(shown, enclosures=tuple(ready))
