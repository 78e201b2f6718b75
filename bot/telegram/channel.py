"""Shows replies in Telegram: edits in place or sends, strips old buttons, answers presses.

After a commit only: nothing here can undo what was decided. An answered question costs two calls.
While Telegram wants to be left alone, edits of one message wait as one: the newest wins.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from telegram import BotCommand, BotCommandScopeChat, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.enclosures import Enclosures
from bot.sending.exporting import Exports
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from bot.telegram.calls import Calls, Landed, keyboard, reason
from bot.telegram.limiter import LONGEST_WAIT, Limiter, retry_seconds
from bot.telegram.transport import never_arrived, refused_by_server
from handlers.conversation.shown_messages import keep_shown
from handlers.flow.channel import Command, Picture, Reply, Screen, Shown
from storage.engine.database import Database
from storage.people import set_reachable

T = TypeVar("T")
log = structlog.get_logger(__name__)

SECONDS_BESIDE = 1.0
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between tries while nothing connects

# What Telegram says when there is nothing left to do (all in lower case).
UNCHANGED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # the button stood under a picture
)
TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
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
        metrics: Metrics,
        folder: Path | None = None,
        exports: Exports | None = None,
    ) -> None:
        self._enclosures = Enclosures(bot, folder, exports)
        self._bot = bot
        self._calls = Calls(bot, limiter)
        self._limiter = limiter
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._metrics = metrics
        self.lost = asyncio.Event()  # a reply could not be shown, for the network's sake
        self._waiting_edits: dict[tuple[str, str], Shown] = {}  # by chat and message
        self._late: Counter[str] = Counter()  # chats with edits that waited and aren't done yet

    async def show(
        self, chat: str, reply: Reply, query: str | None = None, topic: int | None = None
    ) -> bool:
        """Show all of a reply; whether the person can have seen it."""
        beside: list[asyncio.Task[Any]] = []
        if query is not None:
            beside.append(self._tasks.start(self._answer(query, reply.toast), "answer"))
        if reply.commands is not None:
            change = partial(self._set_commands, chat, reply.commands)
            setting = self._quietly("setMyCommands", None, change)
            beside.append(self._tasks.start(setting, "commands"))
        if reply.held_back:
            await asyncio.sleep(reply.held_back)
        seen = await self._show_all(chat, reply, topic)
        await _for_a_moment(beside)
        return seen

    async def say(
        self, chat: str, text: str, query: str | None = None, topic: int | None = None
    ) -> None:
        """One plain sentence, outside of the conversation."""
        screen = Screen(text)
        if query is not None:
            await self._answer(query, None)
        await self._quietly("sendMessage", chat, partial(self._calls.send, chat, screen, topic))

    def owes(self, chat: str) -> bool:
        """Whether something of the chat still waits to be shown."""
        return chat in self._late or any(key[0] == chat for key in self._waiting_edits)

    async def deliver(
        self, chat: str, screen: Screen, remove_keyboard: str | None = None
    ) -> Landed:
        """Send one bulk message once, with whatever Telegram says.

        The message `remove_keyboard` loses its buttons to it.
        """
        message = await self._calls.send(chat, screen, bulk=True)
        if remove_keyboard is not None:
            await self._remove_keyboard(chat, remove_keyboard)
        return message

    async def ask(self) -> None:
        """Ask Telegram for nothing; raises what keeps it from answering."""
        await self._bot.get_me()

    async def _show_all(self, chat: str, reply: Reply, topic: int | None = None) -> bool:
        try:
            for shown in reply.shown:
                await self._show_one(chat, reply.person, shown, topic)
        except Forbidden:
            await self._unreachable(reply.person)
            return False
        except BadRequest as error:
            if gone_for_good(error):
                await self._unreachable(reply.person)
            else:
                self._metrics.not_shown["refused"].inc()
                report(log, "reply refused", error, reason=reason(error))
            return False
        except TelegramError as error:
            self._lost(error)
            return False
        return True

    async def _show_one(
        self, chat: str, person: int | None, shown: Shown, topic: int | None
    ) -> None:
        if self._put_off(chat, person, shown, topic):
            return
        if shown.enclosures:
            await self._enclosures.send(chat, shown.enclosures, insist, topic)
        removing = []
        if shown.remove_keyboard is not None and shown.remove_keyboard != shown.edit:
            removed = self._remove_keyboard(chat, shown.remove_keyboard)
            removing.append(self._tasks.start(removed, "remove keyboard"))
        try:
            landed = await self._place(chat, shown, topic)
            await _for_a_moment(removing)
        except RetryAfter:
            if self._put_off(chat, person, shown, topic):
                return
            raise
        if person is None or (shown.purpose is None and shown.asks is None):
            return

        def remember(tx: Connection) -> None:
            keep_shown(tx, person, shown, landed.message, landed.at, replaced=landed.replaced)

        if self._database.session is not None:  # another worker may serve the chat next
            await self._database.write(remember)
            return
        # The next update of this chat comes after it, whether it is on the disk by then or not.
        self._database.submit_soon(remember).add_done_callback(_not_remembered)

    def _put_off(self, chat: str, person: int | None, shown: Shown, topic: int | None) -> bool:
        """Have an edit wait while Telegram wants to be left alone, instead of an older one."""
        if shown.edit is None or shown.picture is not None or shown.enclosures:
            return False
        key = chat, shown.edit
        older = self._waiting_edits.get(key)
        if older is None and not self._limiter.holds("editMessageText", chat):
            return False
        if older is None:
            self._tasks.start(self._edit_later(key, person, topic), "edit later")
        elif shown.remove_keyboard is None:
            shown = replace(shown, remove_keyboard=older.remove_keyboard)
        self._waiting_edits[key] = shown
        return True

    async def _edit_later(
        self, key: tuple[str, str], person: int | None, topic: int | None
    ) -> None:
        chat, _ = key
        self._late[chat] += 1
        try:
            anew = False
            try:
                await self._limiter.passed("editMessageText", chat)
            except RetryAfter:  # for long: a new message may go all the same
                anew = True
            finally:
                shown = self._waiting_edits.pop(key)
            if anew:
                shown = replace(shown, edit=None)
            await self._show_all(chat, Reply((shown,), person=person), topic)
        finally:
            self._late[chat] -= 1
            if not self._late[chat]:
                del self._late[chat]

    async def _place(self, chat: str, shown: Shown, topic: int | None) -> Landed:
        if shown.picture is not None:
            picture = partial(self._send_picture, chat, shown.screen, shown.picture, topic)
            return await insist(picture)
        if shown.edit is not None and shown.edit.isdecimal():
            edit = partial(self._calls.edit, chat, shown.edit, shown.screen)
            try:
                return await insist(edit, patience=0)
            except BadRequest as error:
                text = str(error).lower()
                if UNCHANGED in text:
                    return Landed(shown.edit, self._clock.now(), replaced=True)
                if not any(sign in text for sign in GONE):
                    raise
        return await insist(partial(self._calls.send, chat, shown.screen, topic))

    async def _send_picture(
        self, chat: str, screen: Screen, picture: Picture, topic: int | None
    ) -> Landed:
        buttons = keyboard(screen)
        message = await self._bot.send_photo(
            int(chat),
            await asyncio.to_thread(picture.draw),
            caption=screen.text,
            parse_mode="HTML",
            filename=picture.name,
            reply_markup=InlineKeyboardMarkup.de_json(buttons) if buttons else None,
            message_thread_id=topic,
        )
        return Landed(str(message.message_id), message.date)

    async def _remove_keyboard(self, chat: str, message: str) -> None:
        waiting = self._waiting_edits.get((chat, message))
        if waiting is not None:
            bare = replace(waiting, screen=Screen(waiting.screen.text))
            self._waiting_edits[chat, message] = bare
            return
        remove = partial(self._calls.remove_keyboard, chat, message)
        await self._quietly("editMessageReplyMarkup", chat, remove)

    async def _set_commands(self, chat: str, commands: tuple[Command, ...]) -> None:
        await self._bot.set_my_commands(
            [BotCommand(command.name, command.description) for command in commands],
            scope=BotCommandScopeChat(int(chat)),
        )

    async def _answer(self, query: str, toast: str | None) -> None:
        answer = partial(self._calls.answer, query, toast)
        await self._quietly("answerCallbackQuery", None, answer)

    async def _quietly(
        self, method: str, chat: str | None, call: Callable[[], Awaitable[object]]
    ) -> None:
        """Do what nobody waits for: at once, or after the pause that Telegram asks for."""
        if not self._limiter.holds(method, chat):
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

    def _lost(self, error: TelegramError) -> None:
        """A reply could not be shown, for the network's sake."""
        self._metrics.not_shown["network"].inc()
        log.warning("reply not shown", reason=reason(error))
        self.lost.set()

    async def _unreachable(self, person: int | None) -> None:
        self._metrics.not_shown["unreachable"].inc()
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


async def _for_a_moment(beside: Sequence[asyncio.Task[Any]]) -> None:
    """Wait for what nobody waits for, but not for long: the chat's next reply comes first."""
    if beside:
        await asyncio.wait(beside, timeout=SECONDS_BESIDE)


def gone_for_good(error: BadRequest) -> bool:
    """Whether there is no such person any more."""
    return any(sign in str(error).lower() for sign in NO_CHAT)


def _not_remembered(done: "asyncio.Future[None]") -> None:
    """It is shown again after the next start, that is all."""
    error = None if done.cancelled() else done.exception()
    if error is not None:
        report(log, "not noted as shown", error)
