"""Handles what lies in the inbox: a chat's updates in order, chats side by side.

Of each chat only a few updates stand in memory, the rest stays in the inbox; only the handling
takes a slot, never the waiting; of very many at once only the last is replied to. So a noisy chat
or a slow network delays nobody else. Of several workers one serves a chat (chat_locks.py).
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import structlog

from bot.intake.chat_locks import ChatLocks
from bot.intake.chats import Album, Chat, Offered
from bot.intake.conversation import Conversation, reply_to
from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.delay_notice import WaitingWord
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from bot.telegram.channel import TelegramChannel
from bot.telegram.updates import Decoded, decode
from handlers.conversation.albums import reply_to_album
from handlers.flow.channel import Reply
from handlers.flow.deployment import Deployment
from handlers.operator import notices
from handlers.texts import language_of, texts_of
from storage import inbox
from storage.engine.database import Database
from storage.errors import Closed, StorageError

T = TypeVar("T")
log = structlog.get_logger(__name__)

FLOOD = 20  # waiting in one chat: more than an album, or what somebody writes in a hurry
SLOTS = 128
PAGE = 1000  # rows read at once when the program starts
TRIES = 3
PAUSES = (0.2, 1.0)  # seconds between the tries of one update
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # while the database itself fails
LOOKS_APART = 0.5  # seconds, while a chat is kept for what it is still to be shown
ALBUM_LOOKS_APART = 0.1  # seconds, while more of an album may come


class Handled(Protocol):
    """Told after each update that was dealt with."""

    def __call__(self, *, attached: bool) -> None:
        """`attached`: a file is to be fetched."""


class _NotStored(Exception):  # noqa: N818 - nothing is wrong with the handling
    """There is nothing to handle."""


class Dispatcher:
    """One worker for each chat that has something waiting."""

    def __init__(
        self,
        database: Database,
        locks: ChatLocks,
        channel: TelegramChannel,
        clock: Clock,
        deployment: Deployment,
        conversation: Conversation,
        tasks: Tasks,
        handled: Handled,
        word: WaitingWord,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._locks = locks
        self._channel = channel
        self._clock = clock
        self._house = deployment
        self._conversation = conversation
        self._tasks = tasks
        self._handled = handled
        self._word = word
        self._metrics = metrics
        self._chats: dict[str, Chat] = {}
        metrics.chats.set_function(lambda: len(self._chats))
        self._slots = asyncio.Semaphore(SLOTS)
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._closing = False

    async def start(self) -> None:
        """Take up what was left from before."""
        after = -1
        while True:
            floor = after
            page = await self._database.read(
                lambda tx: inbox.waiting(tx, limit=PAGE, after=floor)  # noqa: B023 - used at once
            )
            self.offer(page)
            if len(page) < PAGE:
                return
            after = page[-1].update_id

    def offer(
        self, updates: Sequence[inbox.Update], storing: "asyncio.Future[Any] | None" = None
    ) -> None:
        """Have updates handled that are stored or about to be; known ones lead to nothing.

        When memory is full they are taken from the inbox.
        """
        if self._closing:
            return
        for update in updates:
            chat = self._chat(update.chat)
            self._count(chat, chat.backlog + 1, update)
            if self._locks.shared:  # others may have taken in what comes before it
                chat.news = True
            elif chat.behind or len(chat.held) >= inbox.HELD_OF_A_CHAT:
                # News also: what is being read from the inbox now may be from before it.
                chat.behind = chat.news = True
            else:
                chat.held.append(Offered(update, storing))

    def look_into(self, chats: Iterable[str]) -> None:
        """Serve what waits in these chats, unless another worker does."""
        if not self._closing:
            for key in chats:
                self._chat(key).news = True

    def show_again(self, key: str, person: int) -> None:
        """Show a person where they stand, in their chat's turn."""
        self._chat(key).held.append(person)

    async def idle(self) -> None:
        """Wait until nothing is waiting and nothing is in work."""
        await self._quiet.wait()

    async def close(self, seconds: float) -> None:
        """Take nothing new and finish what is held; the rest stays in the inbox."""
        self._closing = True
        try:
            async with asyncio.timeout(seconds):
                await self._quiet.wait()
        except TimeoutError:
            log.warning("stopped with chats in work", chats=len(self._chats))

    def _chat(self, key: str) -> Chat:
        chat = self._chats.get(key)
        if chat is None:
            chat = self._chats[key] = Chat()
            self._quiet.clear()
            self._tasks.start(self._serve(key, chat), "chat")
        return chat

    async def _serve(self, key: str, chat: Chat) -> None:
        try:
            while await self._begin(key, chat):
                await self._serve_turn(key, chat)
                again = await self._insist(lambda: self._locks.end(key))
                if self._closing or not (again or chat.news or chat.held):
                    break
        except Closed:
            pass  # what is left lies in the inbox
        finally:
            del self._chats[key]
            if not self._chats:
                self._quiet.set()

    async def _begin(self, key: str, chat: Chat) -> bool:
        """Whether the chat is to be served here; another worker finds what waits in it, too."""
        while True:
            chat.news = False
            page = await self._insist(lambda: self._locks.begin(key))
            if page is not None:
                self._hold(chat, page)
                return True
            if not chat.news:  # else it came after the one who serves had looked, perhaps
                return False

    async def _serve_turn(self, key: str, chat: Chat) -> None:
        while True:
            while True:
                work = await self._next(key, chat)
                if chat.album is not None and not chat.album.includes(work):
                    if work is None and await self._album_goes_on(chat, chat.album):
                        continue
                    await self._show_album(chat, chat.album)
                if work is None and chat.owed is None:
                    break
                if work is None:
                    await self._show_owed(key, chat)
                elif isinstance(work, int):
                    await self._present(key, work)
                else:
                    await self._deal_with(chat, work)
            if not (self._locks.shared and self._channel.owes(key)) or self._closing:
                return
            # Another worker would show what comes later before what Telegram lets wait.
            await asyncio.sleep(LOOKS_APART)
            chat.news = True

    async def _next(self, key: str, chat: Chat) -> Offered | int | None:
        if not self._locks.holds(key):  # its connection was lost: what comes may be another's
            chat.held = deque(one for one in chat.held if isinstance(one, int))
            return None
        while not chat.held and (chat.behind or chat.news) and not self._closing:
            chat.news = False
            page = await self._insist(lambda: self._locks.more(key))
            chat.behind = False
            self._hold(chat, page)
        return chat.held.popleft() if chat.held else None

    def _hold(self, chat: Chat, page: inbox.Page) -> None:
        if page.updates:
            chat.held.extend(map(Offered, page.updates))
            chat.behind = page.left > 0
            self._count(chat, max(chat.backlog, len(page.updates) + page.left), page.updates[-1])

    def _count(self, chat: Chat, backlog: int, newest: inbox.Update) -> None:
        """Keep about how many wait; of very many only the last is replied to."""
        chat.backlog = backlog
        if backlog > FLOOD and not chat.flooded:
            chat.flooded = True
            self._word.say(newest, "waiting.many")

    async def _deal_with(self, chat: Chat, offered: Offered) -> None:
        """Handle one update until it is done or set aside, then show the reply."""
        update = offered.update
        chat.backlog = max(chat.backlog - 1, 0)
        decided = None if offered.lost else await self._decided(chat, offered)
        if decided is None:
            return
        decoded, reply = decided
        self._handled(attached=decoded.incoming.kind == "attachment")
        self._metrics.commit_seconds.observe(self._since(update))
        if chat.flooded:
            if reply.shown or chat.owed is None:
                chat.owed = reply, decoded
        elif decoded.album is not None and reply.shown:
            before = chat.album.replies if chat.album is not None else ()
            chat.album = Album(decoded.album, (*before, reply), update, decoded)
        else:
            await self._show_timed(update, reply, decoded)

    async def _show_timed(self, update: inbox.Update, reply: Reply, decoded: Decoded) -> None:
        if await self._show(update.chat, reply, decoded) and reply.shown:
            self._metrics.reply_seconds.observe(self._since(update))

    async def _album_goes_on(self, chat: Chat, album: Album) -> bool:
        """Whether more of it may come; waits a little."""
        if album.complete or self._closing:
            return False
        await asyncio.sleep(ALBUM_LOOKS_APART)
        chat.news = chat.news or self._locks.shared  # another worker may have taken it in
        return True

    async def _show_album(self, chat: Chat, album: Album) -> None:
        chat.album = None
        await self._show_timed(album.newest, reply_to_album(album.replies), album.decoded)

    async def _decided(self, chat: Chat, offered: Offered) -> tuple[Decoded, Reply] | None:
        """What an update led to; None when it is none of ours, set aside, or wasn't stored."""
        number = _short_number()
        while True:
            try:
                return await self._insist(lambda: self._decide(offered.update), offered)
            except Closed:
                raise
            except _NotStored:
                return None
            except Exception as error:  # noqa: BLE001 - a bug in handling must not stop the bot
                update = offered.update
                report(log, "update failed", error, number=number, update=update.update_id)
                tries = await self._insist(
                    lambda: self._database.write(
                        lambda tx: inbox.fail(tx, offered.update.update_id, most=TRIES)
                    )
                )
                if tries >= TRIES:
                    await self._set_aside(chat, update, number)
                    return None
                await asyncio.sleep(PAUSES[min(tries, len(PAUSES)) - 1])

    async def _set_aside(self, chat: Chat, update: inbox.Update, number: str) -> None:
        self._metrics.set_aside.inc()
        await self._tell_operators()
        if not chat.apologised:
            chat.apologised = chat.flooded
            await self._apologise(update, number)

    async def _insist(self, call: Callable[[], Awaitable[T]], offered: Offered | None = None) -> T:
        """Wait for a database that fails, however long; who wrote the update is told so."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await call()
            except Closed:
                raise
            except StorageError as error:
                if offered is not None and offered.lost:
                    raise _NotStored from error
                report(log, "database failed", error)
                if offered is not None and pause > FIRST_PAUSE:  # not at the first stumble
                    self._word.say(offered.update, "waiting.database")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _tell_operators(self) -> None:
        """Of one more update that was set aside; its chat goes on in any case."""
        now = self._clock.now()
        try:
            await self._database.write(lambda tx: notices.tell_of_failures(tx, now, self._house))
        except Closed:
            raise
        except Exception as error:  # noqa: BLE001 - `check` and the log tell it too
            report(log, "operators not told", error)
        self._handled(attached=False)

    async def _decide(self, update: inbox.Update) -> tuple[Decoded, Reply] | None:
        decoded = decode(json.loads(update.payload))
        now = self._clock.now()
        async with self._slots:
            if decoded is None:
                await self._database.write(lambda tx: inbox.finish(tx, update.update_id))
                return None
            incoming = replace(decoded.incoming, arrived_at=update.received_at)
            reply = await reply_to(self._database, self._conversation, incoming, now, self._house)
        return decoded, reply

    async def _show_owed(self, key: str, chat: Chat) -> None:
        """After a flood: where it has led to."""
        assert chat.owed is not None
        (reply, decoded), chat.owed = chat.owed, None
        chat.flooded, chat.apologised, chat.backlog = False, False, 0
        await self._show(key, reply, decoded)

    async def _show(self, chat: str, reply: Reply, decoded: Decoded | None = None) -> bool:
        """Whether the person can have seen it."""
        if not self._locks.holds(chat):
            # Another worker may be showing what came later: where that led to comes in our turn.
            if reply.person is not None and reply.shown:
                self.show_again(chat, reply.person)
            return False
        try:
            query, topic = (decoded.query, decoded.topic) if decoded else (None, None)
            return await self._channel.show(chat, reply, query, topic)
        except Exception as error:  # noqa: BLE001 - it is committed; /start shows the true state
            self._metrics.not_shown["bug"].inc()
            report(log, "reply failed", error)
            return False

    def _since(self, update: inbox.Update) -> float:
        """Seconds since the update was taken in."""
        now = self._clock.now()
        return max((now - (update.received_at or now)).total_seconds(), 0.0)

    async def _present(self, chat: str, person: int) -> None:
        now = self._clock.now()
        try:
            reply = await self._insist(
                lambda: self._database.write(
                    lambda tx: self._conversation.present(tx, person, now, self._house)
                )
            )
        except Closed:
            raise
        except Exception as error:  # noqa: BLE001 - it is only a repetition
            report(log, "state not shown again", error)
        else:
            await self._show(chat, reply)

    async def _apologise(self, update: inbox.Update, number: str) -> None:
        try:
            decoded = decode(json.loads(update.payload))
        except Exception:  # noqa: BLE001 - this may be why it failed
            return
        if decoded is None or decoded.incoming.kind in {"blocked", "unblocked"}:
            return
        language = language_of(decoded.incoming.sender.language)
        sentence = texts_of(language).say("error.unexpected", number=number)
        await self._channel.say(update.chat, sentence, decoded.query, decoded.topic)


def _short_number() -> str:
    """Five figures that a person can read out on the telephone."""
    return str(secrets.randbelow(90_000) + 10_000)
