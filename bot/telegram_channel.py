"""Shows replies in Telegram: edits in place or sends, strips old buttons, answers presses.

After a commit only: nothing here can undo what was decided. An answered question costs two calls.
While Telegram wants to be left alone, edits of one message wait as one: the newest wins.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.clock import Clock
from bot.enclosures import Enclosures
from bot.exporting import Exports
from bot.limiter import LONGEST_WAIT, MASS, Limiter, retry_seconds
from bot.logs import report
from bot.tasks import Tasks
from bot.transport import never_arrived, refused_by_server
from handlers.channel import Command, Picture, Reply, Screen, Shown
from handlers.texts import without_tags
from storage.conversations import remember_shown
from storage.database import Database
from storage.people import set_reachable

T = TypeVar("T")
log = structlog.get_logger(__name__)

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between tries while nothing connects
LONGEST_TEXT = 4096
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# What Telegram says when there is nothing left to do (all in lower case).
UNCHANGED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # the button stood under a picture
)
TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
UNREADABLE = ("can't parse entities", "message is too long", "message_too_long")
NO_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid")


class TelegramChannel:
    """Shows a Reply in a chat and remembers the ids of messages that will be edited."""

    def __init__(
        self,
        bot: ExtBot[str],
        limiter: Limiter,
        database: Database,
        clock: Clock,
        tasks: Tasks,
        folder: Path | None = None,
        exports: Exports | None = None,
    ) -> None:
        self._enclosures = Enclosures(bot, folder, exports)
        self._bot = bot
        self._limiter = limiter
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self.lost = asyncio.Event()  # a reply could not be shown, for the network's sake
        self._waiting_edits: dict[tuple[str, str], Shown] = {}  # by chat and message
        self._late: Counter[str] = Counter()  # chats with edits that waited and aren't done yet

    async def show(self, chat: str, reply: Reply, query: str | None = None) -> bool:
        """Show all of a reply; whether the person can have seen it."""
        beside: list[Awaitable[object]] = []
        if query is not None:
            beside.append(self._answer(query, reply.toast))
        if reply.commands is not None:
            beside.append(self._quietly(chat, partial(self._set_commands, chat, reply.commands)))
        seen = self._show_all(chat, reply)
        return (await asyncio.gather(seen, asyncio.gather(*beside)))[0]

    async def say(self, chat: str, text: str, query: str | None = None) -> None:
        """One plain sentence, outside of the conversation."""
        screen = Screen(text)
        if query is not None:
            await self._answer(query, None)
        await self._quietly(chat, partial(self._send, chat, screen))

    def owes(self, chat: str) -> bool:
        """Whether something of the chat still waits to be shown."""
        return chat in self._late or any(key[0] == chat for key in self._waiting_edits)

    async def deliver(self, chat: str, screen: Screen) -> str:
        """Send one message of the mass once, with whatever Telegram says; gives its id."""
        return await self._send(chat, screen, MASS)

    async def ask(self) -> None:
        """Ask Telegram for nothing; raises what keeps it from answering."""
        await self._bot.get_me()

    async def _show_all(self, chat: str, reply: Reply) -> bool:
        try:
            for shown in reply.shown:
                await self._show_one(chat, reply.person, shown)
        except Forbidden:
            await self._unreachable(reply.person)
            return False
        except BadRequest as error:
            if gone_for_good(error):
                await self._unreachable(reply.person)
            else:
                report(log, "reply refused", error, reason=reason(error))
            return False
        except TelegramError as error:
            log.warning("reply not shown", reason=reason(error))
            self.lost.set()
            return False
        return True

    async def _show_one(self, chat: str, person: int | None, shown: Shown) -> None:
        if self._put_off(chat, person, shown):
            return
        if shown.enclosures:
            await self._enclosures.send(chat, shown.enclosures, insist)
        strip = shown.strip if shown.strip != shown.edit else None
        try:
            if strip is None:
                message = await self._place(chat, shown)
            else:
                message, _ = await asyncio.gather(
                    self._place(chat, shown), self._strip(chat, strip)
                )
        except RetryAfter:
            if self._put_off(chat, person, shown):
                return
            raise
        if shown.purpose is None or person is None:
            return
        purpose, revision = shown.purpose, shown.revision

        def remember(tx: Connection) -> None:
            remember_shown(tx, person, purpose, message, revision)

        await self._database.write(remember)

    def _put_off(self, chat: str, person: int | None, shown: Shown) -> bool:
        """Have an edit wait while Telegram wants to be left alone, instead of an older one."""
        if shown.edit is None or shown.picture is not None or shown.enclosures:
            return False
        key = chat, shown.edit
        older = self._waiting_edits.get(key)
        if older is None and not self._limiter.holds(chat):
            return False
        if older is None:
            self._tasks.start(self._edit_later(key, person), "edit later")
        elif shown.strip is None:
            shown = replace(shown, strip=older.strip)
        self._waiting_edits[key] = shown
        return True

    async def _edit_later(self, key: tuple[str, str], person: int | None) -> None:
        chat, _ = key
        self._late[chat] += 1
        try:
            try:
                await self._limiter.passed(chat)
            except RetryAfter as error:
                log.warning("reply not shown", reason=reason(error))
                self.lost.set()
                return
            finally:
                shown = self._waiting_edits.pop(key)
            await self._show_all(chat, Reply((shown,), person=person))
        finally:
            self._late[chat] -= 1
            if not self._late[chat]:
                del self._late[chat]

    async def _place(self, chat: str, shown: Shown) -> str:
        if shown.picture is not None:
            return await insist(partial(self._send_picture, chat, shown.screen, shown.picture))
        if shown.edit is not None and shown.edit.isdecimal():
            try:
                await insist(partial(self._edit, chat, shown.edit, shown.screen), patience=0)
            except BadRequest as error:
                text = str(error).lower()
                if UNCHANGED in text:
                    return shown.edit
                if not any(sign in text for sign in GONE):
                    raise
            else:
                return shown.edit
        return await insist(partial(self._send, chat, shown.screen))

    async def _send(self, chat: str, screen: Screen, kind: str | None = None) -> str:
        send = partial(
            self._bot.send_message,
            int(chat),
            reply_markup=keyboard(screen),
            link_preview_options=NO_PREVIEW,
            rate_limit_args=kind,
        )
        message = await _readable(screen, send)
        return str(message.message_id)

    async def _send_picture(self, chat: str, screen: Screen, picture: Picture) -> str:
        message = await self._bot.send_photo(
            int(chat),
            picture.content,
            caption=screen.text,
            parse_mode="HTML",
            filename=picture.name,
            reply_markup=keyboard(screen),
        )
        return str(message.message_id)

    async def _edit(self, chat: str, message: str, screen: Screen) -> None:
        edit = partial(
            self._bot.edit_message_text,
            chat_id=int(chat),
            message_id=int(message),
            reply_markup=keyboard(screen),
            link_preview_options=NO_PREVIEW,
        )
        await _readable(screen, edit)

    async def _strip(self, chat: str, message: str) -> None:
        waiting = self._waiting_edits.get((chat, message))
        if waiting is not None:
            bare = replace(waiting, screen=Screen(waiting.screen.text))
            self._waiting_edits[chat, message] = bare
            return
        await self._quietly(
            chat,
            partial(
                self._bot.edit_message_reply_markup, chat_id=int(chat), message_id=int(message)
            ),
        )

    async def _set_commands(self, chat: str, commands: tuple[Command, ...]) -> None:
        await self._bot.set_my_commands(
            [BotCommand(command.name, command.description) for command in commands],
            scope=BotCommandScopeChat(int(chat)),
        )

    async def _answer(self, query: str, toast: str | None) -> None:
        answer = partial(self._bot.answer_callback_query, query, text=toast and toast[:200])
        await self._quietly(None, answer)

    async def _quietly(self, chat: str | None, call: Callable[[], Awaitable[object]]) -> None:
        """Do what nobody waits for: at once, or after the pause that Telegram asks for."""
        if not self._limiter.holds(chat):
            try:
                await self._try_quietly(call, patience=0)
            except RetryAfter:
                pass
            else:
                return
        self._tasks.start(self._try_quietly(call, patience=LONGEST_WAIT), "call later")

    async def _try_quietly(self, call: Callable[[], Awaitable[object]], patience: float) -> None:
        """What can't be done is normal life, or at most a line."""
        try:
            await insist(call, patience)
        except TelegramError as error:
            if isinstance(error, RetryAfter) and not patience:
                raise
            if not isinstance(error, Forbidden) and not any(
                sign in str(error).lower() for sign in (UNCHANGED, *GONE, *TOO_LATE)
            ):
                log.warning("call failed", reason=reason(error))

    async def _unreachable(self, person: int | None) -> None:
        if person is not None:
            now = self._clock.now()
            await self._database.write(
                lambda tx: set_reachable(tx, person, reachable=False, now=now)
            )


async def insist(call: Callable[[], Awaitable[T]], patience: float = LONGEST_WAIT) -> T:
    """Do a call that a person waits for: wait when told to, try again while nothing connects.

    It waits no longer than `patience` in all when Telegram asks for it: then RetryAfter. After a
    lost answer it is done once more: a question asked twice is better than none.
    """
    waited, lost = 0.0, False
    for pause in (*PAUSES, None):
        try:
            return await call()
        except RetryAfter as error:  # the limiter lets the next try wait
            waited += retry_seconds(error)
            if waited > patience or pause is None:
                raise
        except BadRequest:
            raise
        except NetworkError as error:
            unsure = not (never_arrived(error) or refused_by_server(error))
            if pause is None or (lost and unsure):
                raise
            lost = lost or unsure
            await asyncio.sleep(pause)
    raise AssertionError("the last try returns or raises")


def reason(error: TelegramError) -> str:
    """What Telegram said, without the part that may quote a text."""
    return f"{type(error).__name__}: {str(error).split(':')[0][:80]}"


def gone_for_good(error: BadRequest) -> bool:
    """Whether there is no such person any more."""
    return any(sign in str(error).lower() for sign in NO_CHAT)


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """The screen's buttons; None when it has none."""
    rows = [
        [
            InlineKeyboardButton(button.label, url=button.url)
            if button.url
            else InlineKeyboardButton(button.label, callback_data=button.data)
            for button in row
        ]
        for row in screen.rows
        if row
    ]
    return InlineKeyboardMarkup(rows) if rows else None


async def _readable(screen: Screen, call: Callable[..., Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Send as HTML; what Telegram can't read as HTML goes out as plain text, and into the log."""
    try:
        return await call(text=screen.text, parse_mode="HTML")
    except BadRequest as error:
        if not any(sign in str(error).lower() for sign in UNREADABLE):
            raise
        log.warning("screen refused, sent as plain text", reason=reason(error))
        return await call(text=without_tags(screen.text)[:LONGEST_TEXT])
