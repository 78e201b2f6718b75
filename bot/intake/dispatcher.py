"""Handles the updates of the inbox: in order within a chat, concurrently between chats.

A noisy chat or a slow network must not delay other chats. So memory has only a few updates of each
chat, and only handling takes a slot (waiting doesn't). In a flood only the last update gets a
reply. When several workers run, one of them serves a chat at a time (chat_locks.py).
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from bot.intake.apology import apologise, short_number
from bot.intake.chat_locks import ChatLocks
from bot.intake.chats import Album, ChatState, QueuedUpdate
from bot.intake.conversation import ConversationRunner, reply_to
from bot.messengers import Decoded, Messenger
from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.delay_notice import DelayNotice
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from handlers.conversation.albums import reply_to_album
from handlers.flow.channel import Reply
from handlers.flow.deployment import Deployment
from handlers.operator import notices
from storage.engine.database import Database
from storage.errors import Closed, StorageError
from storage.messages import inbox
from storage.messages.inbox import Address

T = TypeVar("T")
log = structlog.get_logger(__name__)

FLOOD = 20  # updates waiting in one chat; an album or quick typing makes fewer
SLOTS = 128  # updates handled at once; more would only wait for the database's writer
PAGE = 1000  # rows per query when the program starts
PAUSES = (0.2, 1.0)  # seconds between the attempts for one update
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between attempts while the database fails
PENDING_CHECK_SECONDS = 0.5  # while the chat's lock is kept for a pending reply
ALBUM_CHECK_SECONDS = 0.1  # while more photos of an album may come


class Handled(Protocol):
    """A callback after each handled update."""

    def __call__(self, *, attached: bool) -> None:
        """Note that an update was handled; `attached`: it has a file to fetch."""


class _NotStored(Exception):  # noqa: N818 - not an error of the handling
    """The update wasn't stored, so the messenger will deliver it again."""


class Dispatcher:
    """Runs one task for each chat with waiting updates."""

    def __init__(
        self,
        database: Database,
        locks: ChatLocks,
        messengers: Mapping[str, Messenger],
        clock: Clock,
        deployment: Deployment,
        conversation: ConversationRunner,
        tasks: Tasks,
        handled: Handled,
        delay_notice: DelayNotice,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._locks = locks
        self._messengers = messengers
        self._clock = clock
        self._deployment = deployment
        self._conversation = conversation
        self._tasks = tasks
        self._handled = handled
        self._delay_notice = delay_notice
        self._metrics = metrics
        self._chats: dict[Address, ChatState] = {}
        metrics.chats.set_function(lambda: len(self._chats))
        self._slots = asyncio.Semaphore(SLOTS)
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._closing = False

    async def start(self) -> None:
        """Queue the updates that the last run left in the inbox."""
        after = -1
        while True:
            page = await self._database.read(partial(inbox.waiting, limit=PAGE, after=after))
            self.offer(page)
            if len(page) < PAGE:
                return
            after = page[-1].number or after

    def offer(
        self, updates: Sequence[inbox.Update], storing: "asyncio.Future[Any] | None" = None
    ) -> None:
        """Queue updates that are stored or being stored; an update that is done has no effect.

        Updates beyond UPDATES_PER_CHAT are read from the inbox later.
        """
        if self._closing:
            return
        for update in updates:
            chat = self._chat(update.address)
            self._count(chat, chat.backlog + 1, update)
            if self._locks.shared:  # another worker may have received an earlier update
                chat.news = True
            elif chat.behind or len(chat.queue) >= inbox.UPDATES_PER_CHAT:
                # `news` too: a query that is running now may not see this update yet.
                chat.behind = chat.news = True
            else:
                chat.queue.append(QueuedUpdate(update, storing))

    def check_chats(self, chats: Iterable[Address]) -> None:
        """Serve these chats, unless another worker serves them."""
        if not self._closing:
            for key in chats:
                self._chat(key).news = True

    def show_again(self, key: Address, person: int) -> None:
        """Show a person their current screen after the updates that their chat has queued."""
        self._chat(key).queue.append(person)

    async def idle(self) -> None:
        """Wait until no update waits and none is being handled."""
        await self._quiet.wait()
        await self._wait_for_side_calls()

    async def close(self, seconds: float) -> None:
        """Accept no new updates and finish those in memory; the rest stays in the inbox."""
        # Finish the running chats, because a person without a reply thinks that the answer is lost.
        self._closing = True
        try:
            async with asyncio.timeout(seconds):
                await self._quiet.wait()
                await self._wait_for_side_calls()
        except TimeoutError:
            log.warning("stopped with chats in work", chats=len(self._chats))

    async def _wait_for_side_calls(self) -> None:
        for messenger in self._messengers.values():
            await messenger.channel.wait_for_side_calls()

    def _chat(self, key: Address) -> ChatState:
        chat = self._chats.get(key)
        if chat is None:
            chat = self._chats[key] = ChatState()
            self._quiet.clear()
            self._tasks.start(self._serve(key, chat), "chat")
        return chat

    async def _serve(self, key: Address, chat: ChatState) -> None:
        try:
            while await self._begin(key, chat):
                await self._serve_turn(key, chat)
                if self._locks.shared:  # another worker may show the next reply
                    await self._messenger(key).channel.wait_for_side_calls(key[1])
                again = await self._retry(lambda: self._locks.end(key))
                if self._closing or not (again or chat.news or chat.queue):
                    break
        except Closed:
            pass  # the remaining updates are in the inbox
        finally:
            del self._chats[key]
            if not self._chats:
                self._quiet.set()

    async def _begin(self, key: Address, chat: ChatState) -> bool:
        """Lock the chat; False when another worker serves it and will find its updates."""
        while True:
            chat.news = False
            page = await self._retry(lambda: self._locks.begin(key))
            if page is not None:
                self._enqueue(chat, page)
                return True
            # The other worker may have checked before a new update came, so try again.
            if not chat.news:
                return False

    async def _serve_turn(self, key: Address, chat: ChatState) -> None:
        """Handle the chat's updates in order until none waits and all replies are shown."""
        while True:
            await self._handle_queue(key, chat)
            pending = self._locks.shared and self._messenger(key).channel.has_pending(key[1])
            if not pending or self._closing:
                return
            # Keep the lock: another worker could show a later reply before the pending one.
            await asyncio.sleep(PENDING_CHECK_SECONDS)
            chat.news = True

    async def _handle_queue(self, key: Address, chat: ChatState) -> None:
        """Do what is queued; then show the reply to an ended album or to the end of a flood."""
        while True:
            work, album = await self._next(key, chat), chat.album
            if album is not None and not album.includes(work, self._messenger(key).reader.album_of):
                if work is None and await self._album_goes_on(chat, album):
                    continue
                await self._show_album(chat, album)
            if isinstance(work, int):
                await self._present(key, work)
            elif work is not None:
                await self._process(chat, work)
            elif chat.last_reply is not None:
                await self._show_last_reply(key, chat)
            else:
                return

    async def _next(self, key: Address, chat: ChatState) -> QueuedUpdate | int | None:
        """Return an update, or a person whose screen is shown again; None if nothing waits."""
        if not self._locks.holds(key):  # the lock is lost: another worker may serve these updates
            chat.queue = deque(one for one in chat.queue if isinstance(one, int))
            return None
        while not chat.queue and (chat.behind or chat.news) and not self._closing:
            chat.news = False
            page = await self._retry(lambda: self._locks.more(key))
            chat.behind = False
            self._enqueue(chat, page)
        return chat.queue.popleft() if chat.queue else None

    def _enqueue(self, chat: ChatState, page: inbox.WaitingUpdates) -> None:
        if page.updates:
            chat.queue.extend(map(QueuedUpdate, page.updates))
            chat.behind = page.left > 0
            self._count(chat, max(chat.backlog, len(page.updates) + page.left), page.updates[-1])

    def _count(self, chat: ChatState, backlog: int, newest: inbox.Update) -> None:
        """Update the backlog; a flood begins above FLOOD, and only its last update gets a reply."""
        chat.backlog = backlog
        if backlog > FLOOD and not chat.flooded:
            chat.flooded = True
            self._delay_notice.send(newest, "waiting.many")

    async def _process(self, chat: ChatState, offered: QueuedUpdate) -> None:
        """Handle one update until it is done or has failed for good, then show the reply."""
        update = offered.update
        chat.backlog = max(chat.backlog - 1, 0)
        decided = None if offered.lost else await self._decided(chat, offered)
        if decided is None:
            return
        decoded, reply = decided
        self._handled(attached=decoded.incoming.kind == "attachment")
        self._metrics.commit_seconds.observe(self._since(update))
        # In a flood only the newest screen is shown: it is the state after all its updates.
        if chat.flooded:
            if reply.shown or chat.last_reply is None:
                chat.last_reply = reply, decoded
        elif decoded.album is not None and reply.shown:
            before = chat.album.replies if chat.album is not None else ()
            chat.album = Album(decoded.album, (*before, reply), update, decoded)
        else:
            await self._show_timed(update, reply, decoded)

    async def _show_timed(self, update: inbox.Update, reply: Reply, decoded: Decoded) -> None:
        if await self._show(update.address, reply, decoded) and reply.shown:
            self._metrics.reply_seconds.observe(self._since(update))

    async def _album_goes_on(self, chat: ChatState, album: Album) -> bool:
        """Wait a moment; return whether more photos may arrive."""
        if album.complete or self._closing:
            return False
        await asyncio.sleep(ALBUM_CHECK_SECONDS)
        chat.news = chat.news or self._locks.shared  # another worker may have received it
        return True

    async def _show_album(self, chat: ChatState, album: Album) -> None:
        chat.album = None
        await self._show_timed(album.newest, reply_to_album(album.replies), album.decoded)

    async def _decided(
        self, chat: ChatState, offered: QueuedUpdate
    ) -> tuple[Decoded, Reply] | None:
        """Return the reply to an update; None if it isn't for the bot, failed or isn't stored."""
        update, number = offered.update, short_number()
        while True:
            try:
                return await self._retry(lambda: self._decide(update), offered)
            except Closed:
                raise
            except _NotStored:
                return None
            except Exception as error:  # noqa: BLE001 - a bug in handling must not stop the bot
                report(log, "update failed", error, number=number, update=update.identity)
                tries = await self._retry(
                    lambda: self._database.write(
                        lambda tx: inbox.fail(tx, update.bot, update.identity)
                    )
                )
                if tries >= inbox.TRIES:
                    await self._set_aside(chat, update, number)
                    return None
                await asyncio.sleep(PAUSES[min(tries, len(PAUSES)) - 1])

    async def _set_aside(self, chat: ChatState, update: inbox.Update, number: str) -> None:
        self._metrics.set_aside.inc()
        await self._tell_operators()
        # In a flood one apology is enough for all its failed updates.
        if not chat.apologised:
            chat.apologised = chat.flooded
            await apologise(self._messenger(update.address), update, number)

    async def _retry(
        self, call: Callable[[], Awaitable[T]], offered: QueuedUpdate | None = None
    ) -> T:
        """Retry while the database fails, without a limit; the update's sender gets a notice."""
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
                if offered is not None and pause > FIRST_PAUSE:  # not at the first failure
                    self._delay_notice.send(offered.update, "waiting.database")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _tell_operators(self) -> None:
        """Tell the operators that an update has failed; its chat continues in any case."""
        now = self._clock.now()
        try:
            await self._database.write(
                lambda tx: notices.tell_of_failures(tx, now, self._deployment)
            )
        except Closed:
            raise
        except Exception as error:  # noqa: BLE001 - `check` and the log report it too
            report(log, "operators not told", error)
        self._handled(attached=False)

    async def _decide(self, update: inbox.Update) -> tuple[Decoded, Reply] | None:
        decoded = self._messenger(update.address).reader.decode(json.loads(update.payload))
        now = self._clock.now()
        # The slot covers only the handling: a chat that waits must not block others.
        async with self._slots:
            if decoded is None:
                await self._database.write(lambda tx: inbox.finish(tx, update.bot, update.identity))
                return None
            incoming = replace(decoded.incoming, arrived_at=update.received_at)
            reply = await reply_to(
                self._database, self._conversation, incoming, now, self._deployment
            )
        return decoded, reply

    async def _show_last_reply(self, key: Address, chat: ChatState) -> None:
        """Show the newest reply after a flood."""
        assert chat.last_reply is not None
        (reply, decoded), chat.last_reply = chat.last_reply, None
        chat.flooded, chat.apologised, chat.backlog = False, False, 0
        await self._show(key, reply, decoded)

    async def _show(self, chat: Address, reply: Reply, decoded: Decoded | None = None) -> bool:
        """Show a reply; return whether the person can have seen it."""
        if not self._locks.holds(chat):
            # Another worker may already show a later reply, so show the current state instead.
            if reply.person is not None and reply.shown:
                self.show_again(chat, reply.person)
            return False
        try:
            query, topic = (decoded.query, decoded.topic) if decoded else (None, None)
            return await self._messenger(chat).channel.show(chat[1], reply, query, topic)
        except Exception as error:  # noqa: BLE001 - it is committed; /start shows the true state
            self._metrics.not_shown["bug"].inc()
            report(log, "reply failed", error)
            return False

    def _since(self, update: inbox.Update) -> float:
        """Return the seconds since the update was received."""
        now = self._clock.now()
        return max((now - (update.received_at or now)).total_seconds(), 0.0)

    async def _present(self, chat: Address, person: int) -> None:
        now = self._clock.now()
        try:
            reply = await self._retry(
                lambda: self._database.write(
                    lambda tx: self._conversation.present(tx, person, now, self._deployment)
                )
            )
        except Closed:
            raise
        except Exception as error:  # noqa: BLE001 - it is only a repetition
            report(log, "state not shown again", error)
        else:
            await self._show(chat, reply)

    def _messenger(self, chat: Address) -> Messenger:
        return self._messengers[chat[0]]
