"""The queue of one bot's messages: its pace, its outages, and the result of an attempt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import Connection

from bot.messengers import Channel, SentMessage
from bot.operations.logs import report
from bot.sending.outage import Outage
from bot.sending.pacing import Pacing
from storage.messages import outbox

log = structlog.get_logger(__name__)

SHORT_WAIT = 1.5  # seconds; claimed messages that would wait longer are put back
SECONDS_BETWEEN_ASKING = 1.0  # between calls that test whether the messenger answers again
IN_FLIGHT = 20  # enough for the full rate through a proxy that takes 0.7 s


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The result for one message: its next state, the reason, and when to try again."""

    state: str
    why: str | None = None
    not_before: datetime | None = None
    sent: SentMessage | None = None  # set for a sent message
    mark_unreachable: bool = False  # store that the messenger can't reach the address


UNREACHABLE = DeliveryOutcome("dropped", "unreachable", mark_unreachable=True)
NO_ADDRESS = DeliveryOutcome("dropped", "unreachable")  # no attempt was made, so nothing is learned
NOT_YET = DeliveryOutcome("waiting")  # it certainly didn't arrive and may be sent at once


def refused(row: outbox.Outgoing, why: str) -> DeliveryOutcome:
    """Log that the messenger refuses the message for good; return the result."""
    log.error("message refused", message=row.id, kind=row.kind, reason=why)
    return DeliveryOutcome("failed", f"refused: {why}")


def failed_by_bug(row: outbox.Outgoing, error: Exception) -> DeliveryOutcome:
    """Report a bug with the message; return the result."""
    report(log, "message failed", error, message=row.id)
    return DeliveryOutcome("failed", f"bug: {type(error).__name__}")


class Delivery(Protocol):
    """Sends one message once; it reports failures of the connection to the queue's `Outage`."""

    async def attempt(self, row: outbox.Outgoing, address: str) -> DeliveryOutcome:
        """Send the message once; return the result."""


@dataclass(slots=True)
class BotQueue:
    """One bot's queue: how to send, and when. Times are seconds of the event loop's clock."""

    channel: Channel
    delivery: Delivery
    pacing: Pacing
    outage: Outage = field(default_factory=Outage)
    count: Callable[[Connection, int], None] | None = None  # counts messages of a limited plan
    in_flight: int = 0
    tested_at: float = float("-inf")

    def wait(self, now: float) -> float:
        """Return the seconds until the next message may be sent."""
        return max(self.pacing.bulk_wait(now), self.outage.wait(now))

    def shut(self, now: float) -> bool:
        """Return whether the next message must wait longer than SHORT_WAIT, or for an outage."""
        return self.wait(now) > SHORT_WAIT or self.outage.wait(now) > 0

    def full(self) -> bool:
        """Return whether the next message must wait for the result of an earlier one."""
        return self.in_flight >= (1 if self.outage.doubtful else IN_FLIGHT)

    async def check_ready(self, now: float) -> bool:
        """Return whether messages can be sent; after an outage, first test the messenger."""
        if self.shut(now):
            return False
        if not self.outage.doubtful or now - self.tested_at < SECONDS_BETWEEN_ASKING:
            return True
        if (why := await self.channel.probe()) is not None:
            self.outage.failed(now)
            log.warning("messenger not reached", reason=why, pause=self.outage.pause)
            return False
        self.tested_at = now
        return True
