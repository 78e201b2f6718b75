"""The events that wait for the bot: one a poll, without an acknowledgement; the webhook."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.journal import Bell

Update = dict[str, Any]


class UpdateQueue:
    """Events in order. Reported of getUpdates are two behaviours; `again` chooses.

    False: what was read is gone. True: the newest that was read comes again on every poll, at
    once, until another one takes its place.
    """

    def __init__(self, bell: Bell, *, again: bool) -> None:
        self.again = again
        self.polled = True  # False ends the polls that wait: the program ends, or a webhook is set
        self._bell = bell
        self._waiting: deque[Update] = deque()
        self._past: deque[Update] = deque(maxlen=100)
        self._last: Update | None = None  # the newest that a poll has read
        self._in_hand = False  # the bot has read one and not polled since
        self._doubles = 0

    def add(self, update: Update) -> None:
        """Queue an event."""
        self._waiting.append(update)
        if self._doubles:
            self._doubles -= 1
            self._waiting.append(update)
        self._bell.ring()

    def double(self, times: int = 1) -> None:
        """Give each of the next `times` events twice."""
        self._doubles = times

    def repeat(self, count: int = 1) -> None:
        """Give the last `count` that were taken once more, after all that wait."""
        for update in list(self._past)[-count:]:
            self._waiting.append(update)
        self._bell.ring()

    def pending(self) -> int:
        """How many events the bot isn't done with: what a poll gave counts until the next one."""
        return len(self._waiting) + self._in_hand

    def next(self) -> Update | None:
        """The event that is to be delivered next."""
        return self._waiting[0] if self._waiting else None

    def delivered(self, update: Update) -> None:
        """The webhook has taken that event."""
        if self.next() is update:  # else a poll was quicker
            self._past.append(self._waiting.popleft())
        self._bell.ring()

    async def poll(self, seconds: float) -> Update | None:
        """One event, at once or when it comes; None when the time is over."""
        end = time.monotonic() + seconds
        if self._in_hand:
            self._in_hand = False
            self._bell.ring()
        while self.polled:
            if (update := self._take()) is not None:
                self._bell.ring()
                return update
            if (left := end - time.monotonic()) <= 0:
                break
            await self._bell.wait(left)
        return None

    def _take(self) -> Update | None:
        if self._waiting:
            self._last = self._waiting.popleft()
            self._past.append(self._last)
            self._in_hand = True
            return self._last
        return self._last if self.again else None


PROBE = b"{}"  # nobody has said what a probe holds; only that it is no message
EMPTY = b""


@dataclass(slots=True)
class Webhook:
    """Where events are delivered. `beside` is posted before the next event."""

    url: str = ""
    secret: str = ""
    updated_at: int = 0  # milliseconds
    statuses: list[int] = field(default_factory=list)  # what each delivery was answered
    extra_bodies: deque[bytes] = field(default_factory=deque)

    def described(self) -> dict[str, Any]:
        """The answer of the methods about the webhook."""
        return {"url": self.url, "updated_at": self.updated_at}
