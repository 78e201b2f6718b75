"""The queue of one bot's messages: its pace, its outages, and the result of an attempt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import Connection

from bot.messengers import Channel, SentMessage
from bot.sending.outage import Outage
from bot.sending.pacing import Pacing
from storage.messages import outbox

log = structlog.get_logger(__name__)

SHORT_WAIT = 1.5  # seconds; for longer ones what was claimed is put back
SECONDS_BETWEEN_ASKING = 1.0  # whether the messenger answers again
IN_FLIGHT = 20  # enough for the whole pace through a proxy that takes 0.7 s


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one message: its next state, the reason, and when to try again."""

    state: str
    why: str | None = None
    not_before: datetime | None = None
    landed: SentMessage | None = None  # where it stands, once it is sent


UNREACHABLE = Outcome("dropped", "unreachable")  # found out just now
LEFT_OUT = Outcome("dropped", "unreachable")  # known before
NOT_YET = Outcome("waiting")


class Delivery(Protocol):
    """Sends one message once; failures of the connection are reported to the queue's `Outage`."""

    async def attempt(self, row: outbox.Outgoing, address: str) -> Outcome:
        """Send once; return the result."""


@dataclass(slots=True)
class BotQueue:
    """Times are seconds of the event loop's clock."""

    channel: Channel
    delivery: Delivery
    pacing: Pacing
    outage: Outage = field(default_factory=Outage)
    count: Callable[[Connection, int], None] | None = None  # messages, where a plan limits them
    in_flight: int = 0
    asked_at: float = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until the next message may go out."""
        return max(self.pacing.bulk_wait(now), self.outage.wait(now))

    def shut(self, now: float) -> bool:
        """Whether no message can go out for long."""
        return self.wait(now) > SHORT_WAIT or self.outage.wait(now) > 0

    def full(self) -> bool:
        """Whether the next message waits until one on its way has arrived."""
        return self.in_flight >= (1 if self.outage.doubtful else IN_FLIGHT)

    async def open(self, now: float) -> bool:
        """Whether messages can go out; after an outage it asks first whether anybody answers."""
        if self.shut(now):
            return False
        if not self.outage.doubtful or now - self.asked_at < SECONDS_BETWEEN_ASKING:
            return True
        if (why := await self.channel.silence()) is not None:
            self.outage.failed(now)
            log.warning("messenger not reached", reason=why, pause=self.outage.pause)
            return False
        self.asked_at = now
        return True
