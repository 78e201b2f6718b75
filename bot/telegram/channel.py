"""Shows replies in Telegram: edits or sends messages, removes old buttons, answers presses.

It runs after the commit, so a failure here can't undo a decision. An answered question costs two
calls. During a pause that Telegram demands, only the newest edit of each message waits.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from telegram import BotCommand, BotCommandScopeChat, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.messengers import SentMessage
from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.enclosures import Enclosures
from bot.sending.exporting import Exports
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from bot.telegram.calls import Calls, keyboard, reason
from bot.telegram.limiter import LONGEST_WAIT, Limiter, retry_seconds
from bot.telegram.transport import never_arrived, refused_by_server
from handlers.conversation.shown_messages import store_shown
from handlers.flow.channel import (
    TELEGRAM,
    Capabilities,
    Command,
    Picture,
    Reply,
    Screen,
    Shown,
)
from storage.engine.database import Database
from storage.people.addresses import set_reachable

T = TypeVar("T")
log = structlog.get_logger(__name__)

SECONDS_FOR_SIDE_CALLS = 1.0
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between tries while nothing connects

# Errors of Telegram that need no further action (in lower case).
UNCHANGED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # the button was under a picture
)
TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
NO_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid")


class TelegramChannel:
    """Shows a Reply in a chat and stores the ids of messages to edit later."""

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
        self.capabilities = Capabilities()
        self._calls = Calls(bot, limiter)
        self._limiter = limiter
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._metrics = metrics
        self.lost = asyncio.Event()  # a reply couldn't be shown because of the network
        self._waiting_edits: dict[tuple[str, str], Shown] = {}  # by chat and message
        self._unfinished: Counter[str] = Counter()  # postponed edits of each chat
        self._side_calls: dict[str, set[asyncio.Task[None]]] = {}  # of each chat's last reply

    async def show(
        self, chat: str, reply: Reply, query: str | None = None, topic: int | None = None
    ) -> bool:
        """Show a reply; return whether the person can have seen it.

        Only the chat's next reply waits for the side calls of this one, not the next update.
        """
        await self.wait_for_side_calls(chat)
        if query is not None:
            self._beside(chat, self._answer(query, reply.toast), "answer")
        if reply.commands is not None:
            change = partial(self._set_commands, chat, reply.commands)
            self._beside(chat, self._quietly("setMyCommands", None, change), "commands")
        if reply.delay:
            await asyncio.sleep(reply.delay)
        return await self._show_all(chat, reply, topic)

    async def wait_for_side_calls(self, chat: str | None = None) -> None:
        """Give the side calls of the last reply (in all chats) a moment to finish."""
        if chat is not None:
            calls = self._side_calls.get(chat, set())
        else:
            calls = set().union(*self._side_calls.values())
        if calls:
            await asyncio.wait(calls, timeout=SECONDS_FOR_SIDE_CALLS)

    async def say(
        self, chat: str, text: str, query: str | None = None, topic: int | None = None
    ) -> None:
        """Send one plain sentence that isn't part of the conversation."""
        screen = Screen(text)
        if query is not None:
            await self._answer(query, None)
        await self._quietly("sendMessage", chat, partial(self._calls.send, chat, screen, topic))

    def has_pending(self, chat: str) -> bool:
        """Return whether an edit of a message in this chat still waits."""
        return chat in self._unfinished or any(key[0] == chat for key in self._waiting_edits)

    async def deliver(
        self, chat: str, screen: Screen, remove_keyboard: str | None = None
    ) -> SentMessage:
        """Send one bulk message without retries; raise Telegram's error.

        It also removes the buttons of the message `remove_keyboard`.
        """
        message = await self._calls.send(chat, screen, bulk=True)
        if remove_keyboard is not None:
            await self._remove_keyboard(chat, remove_keyboard)
        return message

    async def probe(self, *, waits: bool = True) -> str | None:
        """Make a test call; return the reason when it fails, None when it succeeds.

        `waits`: whether a demanded pause counts as a failure.
        """
        try:
            await self._bot.get_me()
        except TelegramError as error:
            told_to_wait = isinstance(error, RetryAfter)
            return reason(error) if waits or not told_to_wait else None
        return None

    async def _show_all(self, chat: str, reply: Reply, topic: int | None = None) -> bool:
        try:
            for shown in reply.shown:
                await self._show_one(chat, reply.person, shown, topic)
        except Forbidden:
            await self._unreachable(chat)
            return False
        except BadRequest as error:
            if gone_for_good(error):
                await self._unreachable(chat)
            else:
                self._metrics.not_shown["refused"].inc()
                report(log, "reply refused", error, reason=reason(error))
            return False
        except TelegramError as error:
            self._note_lost(error)
            return False
        return True

    async def _show_one(
        self, chat: str, person: int | None, shown: Shown, topic: int | None
    ) -> None:
        if self._postpone_edit(chat, person, shown, topic):
            return
        if shown.enclosures:
            await self._enclosures.send(chat, shown.enclosures, retry, topic)
        # An edit sets the new buttons of its message itself.
        if shown.remove_keyboard is not None and shown.remove_keyboard != shown.edit:
            removed = self._remove_keyboard(chat, shown.remove_keyboard)
            self._beside(chat, removed, "remove keyboard")
        try:
            sent = await self._edit_or_send(chat, shown, topic)
        except RetryAfter:
            if self._postpone_edit(chat, person, shown, topic):
                return
            raise
        if person is None or (shown.purpose is None and shown.asks is None):
            return

        def remember(tx: Connection) -> None:
            store_shown(tx, person, TELEGRAM, shown, sent.message, sent.at, replaced=sent.replaced)

        if self._database.session is not None:  # another worker may serve the chat next
            await self._database.write(remember)
            return
        # Don't wait: the writer runs it before the next update of this chat.
        self._database.submit_soon(remember).add_done_callback(_log_failure)

    def _postpone_edit(
        self, chat: str, person: int | None, shown: Shown, topic: int | None
    ) -> bool:
        """During a pause, postpone an edit and return True.

        It replaces an older postponed edit of the same message.
        """
        if shown.edit is None or shown.picture is not None or shown.enclosures:
            return False
        key = chat, shown.edit
        older = self._waiting_edits.get(key)
        if older is None and not self._limiter.is_paused("editMessageText", chat):
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
        self._unfinished[chat] += 1
        try:
            as_new_message = False
            try:
                await self._limiter.wait_for_turn("editMessageText", chat)
            except RetryAfter:  # during a long pause for edits a new message may be allowed
                as_new_message = True
            finally:
                # Take it only now: newer edits may have replaced it during the pause.
                shown = self._waiting_edits.pop(key)
            if as_new_message:
                shown = replace(shown, edit=None)
            await self._show_all(chat, Reply((shown,), person=person), topic)
        finally:
            self._unfinished[chat] -= 1
            if not self._unfinished[chat]:
                del self._unfinished[chat]

    async def _edit_or_send(self, chat: str, shown: Shown, topic: int | None) -> SentMessage:
        if shown.picture is not None:
            picture = partial(self._send_picture, chat, shown.screen, shown.picture, topic)
            return await retry(picture)
        if shown.edit is not None and shown.edit.isdecimal():
            # Don't wait for a pause here: the edit is postponed, and the newest one is shown.
            edit = partial(self._calls.edit, chat, shown.edit, shown.screen)
            try:
                return await retry(edit, patience=0)
            except BadRequest as error:
                text = str(error).lower()
                if UNCHANGED in text:
                    return SentMessage(shown.edit, self._clock.now(), replaced=True)
                if not any(sign in text for sign in GONE):
                    raise
        return await retry(partial(self._calls.send, chat, shown.screen, topic))

    async def _send_picture(
        self, chat: str, screen: Screen, picture: Picture, topic: int | None
    ) -> SentMessage:
        # Pictures are rare, so they use PTB's own call and objects.
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
        return SentMessage(str(message.message_id), message.date)

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

    def _beside(self, chat: str, call: Coroutine[Any, Any, None], name: str) -> None:
        """Make a side call of the chat's reply."""
        task = self._tasks.start(call, name)
        self._side_calls.setdefault(chat, set()).add(task)
        task.add_done_callback(partial(self._ended_beside, chat))

    def _ended_beside(self, chat: str, task: asyncio.Task[None]) -> None:
        calls = self._side_calls[chat]
        calls.discard(task)
        if not calls:
            del self._side_calls[chat]

    async def _quietly(
        self, method: str, chat: str | None, call: Callable[[], Awaitable[object]]
    ) -> None:
        """Make a call that nobody waits for, at once or in the background after a pause."""
        if not self._limiter.is_paused(method, chat):
            try:
                await self._try_quietly(call, patience=0)
            except RetryAfter:
                pass
            else:
                return
        self._tasks.start(self._try_quietly(call, patience=LONGEST_WAIT), "call later")

    async def _try_quietly(self, call: Callable[[], Awaitable[object]], patience: float) -> None:
        """Make the call; log only unexpected errors. RetryAfter is raised without patience."""
        try:
            await retry(call, patience)
        except TelegramError as error:
            if isinstance(error, RetryAfter) and not patience:
                raise
            if not isinstance(error, Forbidden) and not any(
                sign in str(error).lower() for sign in (UNCHANGED, *GONE, *TOO_LATE)
            ):
                log.warning("call failed", reason=reason(error))

    def _note_lost(self, error: TelegramError) -> None:
        """Note that a reply couldn't be shown because of the network."""
        self._metrics.not_shown["network"].inc()
        log.warning("reply not shown", reason=reason(error))
        self.lost.set()

    async def _unreachable(self, chat: str) -> None:
        self._metrics.not_shown["unreachable"].inc()
        now = self._clock.now()
        await self._database.write(
            lambda tx: set_reachable(tx, TELEGRAM, chat, reachable=False, now=now)
        )


async def retry(call: Callable[[], Awaitable[T]], patience: float = LONGEST_WAIT) -> T:
    """Make a call that a person waits for; retry after a pause and while nothing connects.

    It raises RetryAfter when Telegram demands pauses of more than `patience` seconds in all. It
    repeats a call once whose answer was lost: a question shown twice is better than none.
    """
    waited, lost = 0.0, False
    for pause in (*PAUSES, None):
        try:
            return await call()
        except RetryAfter as error:  # the limiter delays the next attempt
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


def gone_for_good(error: BadRequest) -> bool:
    """Return whether the error means that the person's account or chat no longer exists."""
    return any(sign in str(error).lower() for sign in NO_CHAT)


def _log_failure(done: "asyncio.Future[None]") -> None:
    """Log a failure to store what was shown; the screen is only shown again after a restart."""
    error = None if done.cancelled() else done.exception()
    if error is not None:
        report(log, "not noted as shown", error)
