"""Shows replies in Zalo, which has neither buttons nor edits: each reply is one plain message.

It runs after the commit, so a failure here can't undo a decision. It also sends messages of the
outbox. What other messengers show by an edit or a toast becomes a part of the message.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.messengers import SentMessage
from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.bot_queue import (
    NOT_YET,
    UNREACHABLE,
    DeliveryOutcome,
    failed_by_bug,
    refused,
)
from bot.sending.outage import Outage
from bot.service.clock import Clock
from bot.zalo.calls import Calls, with_retries
from bot.zalo.client import (
    Blocked,
    NeverConnected,
    OverQuota,
    PartlySent,
    Uncertain,
    WrongToken,
    ZaloError,
)
from bot.zalo.enclosures import Enclosures
from bot.zalo.markup import LONGEST, in_pieces, render
from bot.zalo.quota import Quota
from bot.zalo.reader import Strangers
from handlers.conversation.shown_messages import store_shown
from handlers.flow.asked_screen import AskedScreen, choices, from_json
from handlers.flow.channel import Capabilities, Reply, Screen, Shown
from handlers.texts import without_tags
from storage.engine.database import Database
from storage.errors import Closed, StorageError
from storage.messages import outbox
from storage.people.addresses import set_reachable

log = structlog.get_logger(__name__)

HELD = "quota"  # the reason stored with a message that waits because of the plan
PARTLY_SENT = DeliveryOutcome("uncertain", "partly_sent")
ZALO = Capabilities(
    messenger="zalo",
    buttons=False,
    edits=False,
    documents=False,
    pictures="address",
    typing_sign=True,
    longest_text=LONGEST,
    unasked=True,
    blocks_told=False,
    ordered_ids=False,  # a message's id is about 20 hexadecimal digits
    keeps=timedelta(0),  # Zalo repeats failed deliveries, but nobody knows for how long
)


class ZaloChannel:
    """Shows replies in the chats of one bot."""

    def __init__(
        self,
        bot: str,
        calls: Calls,
        quota: Quota,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        strangers: Strangers,
        enclosures: Enclosures,
    ) -> None:
        self.capabilities = ZALO
        self.lost = asyncio.Event()
        self._bot = bot
        self._calls = calls
        self._quota = quota
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._strangers = strangers
        self._enclosures = enclosures

    async def show(
        self,
        chat: str,
        reply: Reply,
        query: str | None = None,  # noqa: ARG002 - there are no presses
        topic: int | None = None,  # noqa: ARG002
    ) -> bool:
        """Show a reply; return whether the person can have seen it."""
        if reply.delay:
            await asyncio.sleep(reply.delay)
        if not reply.shown and reply.toast is None:
            return True
        try:
            sent = await self._send_and_count(chat, reply)
        except Blocked:
            await self._unreachable(chat)
            return False
        except (NeverConnected, Uncertain, WrongToken) as error:
            self._metrics.not_shown["network"].inc()
            log.warning("reply not shown", bot=self._bot, reason=str(error))
            self.lost.set()
            return False
        except OverQuota as error:
            self._quota.exceeded()
            self._metrics.not_shown["refused"].inc()
            log.warning("reply not shown: the plan is used up", bot=self._bot, reason=str(error))
            return False
        except ZaloError as error:
            self._metrics.not_shown["refused"].inc()
            report(log, "reply refused", error, reason=str(error))
            return False
        await self._store_shown(reply, sent)
        return True

    async def say(
        self,
        chat: str,
        text: str,
        query: str | None = None,  # noqa: ARG002
        topic: int | None = None,  # noqa: ARG002
    ) -> None:
        """Send one plain sentence that isn't part of the conversation."""
        try:
            await with_retries(lambda: self._calls.text(chat, without_tags(text)))
        except ZaloError as error:
            log.warning("call failed", bot=self._bot, reason=str(error))
        finally:
            self._quota.count_soon()

    async def deliver(
        self,
        chat: str,
        screen: Screen,
        remove_keyboard: str | None = None,  # noqa: ARG002
    ) -> SentMessage:
        """Send one message of the outbox without retries; raise a ZaloError.

        A long text is several messages. PartlySent tells that some of them arrived. The choices
        have no numbers, because a typed number belongs to the last shown screen.
        """
        first, *others = render(screen, _WORDS)
        sent = await self._calls.text(chat, first)
        try:
            for piece in others:
                sent = await self._calls.text(chat, piece)
        except ZaloError as error:
            raise PartlySent(error) from error
        return sent

    async def probe(self, *, waits: bool = True) -> str | None:  # noqa: ARG002
        """Make a test call; return the reason when it fails, None when it succeeds."""
        try:
            await self._calls.check()
        except ZaloError as error:
            return str(error)
        return None

    def has_pending(self, chat: str) -> bool:  # noqa: ARG002
        """Return False: the channel shows nothing later."""
        return False

    async def wait_for_side_calls(self, chat: str | None = None) -> None:
        """Return at once: there are no side calls."""

    async def _send(self, chat: str, reply: Reply) -> SentMessage:
        """Send the reply's pictures, then its texts with the last screen's choices."""
        texts = [without_tags(reply.toast)] if reply.toast and not reply.shown else []
        for shown in _shown_in_chat(reply):
            texts += await self._enclosures.send(chat, shown)
            texts.append(without_tags(shown.screen.text).strip())
        last = reply.shown[-1] if reply.shown else Shown(Screen(""))
        asked = _asked_screen(last)
        self._strangers.note_screen(chat, last.screen, stranger=reply.person is None)
        pieces = in_pieces(_without_repeats(texts), choices(last.screen, asked))
        sent = [await with_retries(lambda: self._calls.text(chat, piece)) for piece in pieces]  # noqa: B023
        return sent[-1]

    async def _send_and_count(self, chat: str, reply: Reply) -> SentMessage:
        """Send the reply; count its sent messages, even if a later one fails."""
        try:
            return await self._send(chat, reply)
        finally:
            self._quota.count_soon()

    async def _store_shown(self, reply: Reply, sent: SentMessage) -> None:
        """Store which screens the chat shows now, and what they ask."""
        person = reply.person
        screens = [
            one for one in _shown_in_chat(reply) if one.purpose is not None or one.asks is not None
        ]
        if person is None or not screens:
            return

        def remember(tx: Connection) -> None:
            for one in screens:
                store_shown(tx, person, self._bot, one, sent.message, sent.at, replaced=False)

        await self._database.write(remember)

    async def _unreachable(self, chat: str) -> None:
        self._metrics.not_shown["unreachable"].inc()
        now, bot = self._clock.now(), self._bot
        await self._database.write(
            lambda tx: set_reachable(tx, bot, chat, reachable=False, now=now)
        )


class ZaloDelivery:
    """Sends a message once; it reports connection failures to `Outage`."""

    def __init__(self, bot: str, channel: ZaloChannel, quota: Quota, outage: Outage) -> None:
        self._bot = bot
        self._channel = channel
        self._quota = quota
        self._outage = outage

    async def attempt(self, row: outbox.Outgoing, address: str) -> DeliveryOutcome:
        """Send the message once, if the plan allows it; return the result."""
        try:
            async with self._quota.reserve(row.kind) as free:
                if not free:
                    return DeliveryOutcome("waiting", HELD, self._quota.next_try())
                return await self._attempt(row, address)
        except Closed:
            raise
        except StorageError:  # the count couldn't be read, so nothing was sent
            return NOT_YET

    async def _attempt(self, row: outbox.Outgoing, address: str) -> DeliveryOutcome:
        try:
            landed = await self._channel.deliver(address, Screen.from_json(row.payload))
        except PartlySent as error:
            outcome = self._outcome_of(row, error.cause)
            # Never send it again: its reader would get the first part twice.
            return outcome if outcome.mark_unreachable else PARTLY_SENT
        except ZaloError as error:
            return self._outcome_of(row, error)
        except Exception as error:  # noqa: BLE001 - a bug with one message must not stop the others
            return failed_by_bug(row, error)
        self._outage.over()
        return DeliveryOutcome("sent", sent=landed)

    def _outcome_of(self, row: outbox.Outgoing, error: ZaloError) -> DeliveryOutcome:
        """Return the result of a failed call; note an outage or a used up plan."""
        match error:
            case Blocked():
                return UNREACHABLE
            case OverQuota():
                self._quota.exceeded()
                log.warning("message held: the plan is used up", bot=self._bot, message=row.id)
                return DeliveryOutcome("waiting", HELD, self._quota.next_try())
            case NeverConnected() | WrongToken():
                self._note_outage(row, error)
                return NOT_YET
            case Uncertain():
                self._note_outage(row, error)
                return DeliveryOutcome("uncertain", "timed_out")
        return refused(row, str(error))

    def _note_outage(self, row: outbox.Outgoing, error: ZaloError) -> None:
        self._outage.failed(asyncio.get_running_loop().time())
        log.warning("message not sent", bot=self._bot, message=row.id, reason=str(error))


def _asked_screen(shown: Shown) -> AskedScreen | None:
    return from_json(shown.asks) if shown.asks is not None else None


def _shown_in_chat(reply: Reply) -> list[Shown]:
    """Return the screens to send: the last one, and those before it that aren't edits.

    The others would edit an older message, which Zalo can't. Sent as new messages they would
    mislead: a receipt above the reopened report reads as if the report was sent.
    """
    return [one for one in reply.shown[:-1] if one.edit is None] + list(reply.shown[-1:])


def _without_repeats(texts: Sequence[str]) -> list[str]:
    """Return each text once: a toast often repeats the text of its screen."""
    return list(dict.fromkeys(texts))


_WORDS = AskedScreen(takes=frozenset({"anything"}))
