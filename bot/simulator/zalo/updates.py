"""The queue of events that wait for the bot, and the state of its webhook.

A poll returns one event, which the bot doesn't acknowledge.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.journal import Bell

Update = dict[str, Any]


class UpdateQueue:
    """The events in order. Two behaviours of getUpdates are reported; `again` selects one.

    False: an event that a poll has returned is gone. True: each poll returns the newest one again,
    at once, until there is a newer one.
    """

    def __init__(self, bell: Bell, *, again: bool) -> None:
        self.again = again
        self.polled = True  # False ends waiting polls: the program ends, or a webhook is set
        self._bell = bell
        self._waiting: deque[Update] = deque()
        self._past: deque[Update] = deque(maxlen=100)
        self._last: Update | None = None  # the newest that a poll has returned
        self._in_progress = False  # whether a poll has returned one and the next has not come yet
        self._doubles = 0

    def add(self, update: Update) -> None:
        """Queue an event."""
        self._waiting.append(update)
        if self._doubles:
            self._doubles -= 1
            self._waiting.append(update)
        self._bell.ring()

    def double(self, times: int = 1) -> None:
        """Deliver each of the next `times` events twice."""
        self._doubles = times

    def repeat(self, count: int = 1) -> None:
        """Deliver the last `count` delivered events again, after all that wait."""
        for update in list(self._past)[-count:]:
            self._waiting.append(update)
        self._bell.ring()

    def pending(self) -> int:
        """Return how many events aren't handled; a polled one counts until the next poll."""
        return len(self._waiting) + self._in_progress

    def next(self) -> Update | None:
        """Return the event to be delivered next; None without one."""
        return self._waiting[0] if self._waiting else None

    def delivered(self, update: Update) -> None:
        """Remove an event that the webhook has accepted."""
        if self.next() is update:  # otherwise a poll has taken it meanwhile
            self._past.append(self._waiting.popleft())
        self._bell.ring()

    async def poll(self, seconds: float) -> Update | None:
        """Return one event, at once or when it comes; None after `seconds`."""
        end = time.monotonic() + seconds
        if self._in_progress:
            self._in_progress = False
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
            self._in_progress = True
            return self._last
        return self._last if self.again else None


PROBE = b"{}"  # a probe's content isn't documented; it is only known not to be a message
EMPTY = b""


@dataclass(slots=True)
class Webhook:
    """The address that events are posted to; `extra_bodies` are posted before the next event."""

    url: str = ""
    secret: str = ""
    updated_at: int = 0  # milliseconds
    statuses: list[int] = field(default_factory=list)  # of the answers to deliveries
    extra_bodies: deque[bytes] = field(default_factory=deque)

    def described(self) -> dict[str, Any]:
        """Return the answer of the methods about the webhook."""
        return {"url": self.url, "updated_at": self.updated_at}
