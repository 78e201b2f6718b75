"""A model of Telegram's flood limits, which aren't published. It is off by default."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.simulator.refusal import ApiRefusal


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in calls a second: `overall`, and `per_chat` (None: no limit).

    The `model` "window" counts the calls of the last second; "bucket" is a leaky bucket of size
    `burst`. A chat's limit is always a bucket, of size `chat_burst`. After a call over the overall
    limit, all calls are refused for `penalty` seconds.
    """

    overall: float | None = 30
    per_chat: float | None = 1
    model: str = "window"
    burst: int = 1
    chat_burst: int = 1
    penalty: float = 3


@dataclass(slots=True)
class _Gauge:
    rate: float
    burst: int
    window: bool
    level: float = 0.0
    at: float = 0.0
    times: deque[float] = field(default_factory=deque)
    shut_until: float = 0.0

    def admit(self, now: float, penalty: float) -> float:
        """Return 0 when the call is allowed, else the seconds to wait."""
        if now < self.shut_until:
            return self.shut_until - now
        if self._room(now):
            return 0.0
        self.shut_until = now + penalty
        return penalty

    def _room(self, now: float) -> bool:
        if self.window:
            while self.times and self.times[0] <= now - 1:
                self.times.popleft()
            if len(self.times) >= self.rate:
                return False
            self.times.append(now)
            return True
        self.level = max(self.level - (now - self.at) * self.rate, 0)
        self.at = now
        if self.level + 1 > self.burst + 1e-9:
            return False
        self.level += 1
        return True


class Floods:
    """Refuses calls that come too fast."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limits: Limits | None = None
        self._overall: _Gauge | None = None
        self._chats: dict[int, _Gauge] = {}
        self.refused = 0

    def limit(self, limits: Limits | None) -> None:
        """Set limits, or remove them with None."""
        self._limits = limits
        self._chats.clear()
        self._overall = None
        if limits is not None and limits.overall is not None:
            self._overall = _Gauge(limits.overall, limits.burst, limits.model == "window")

    def check(self, chat: int) -> None:
        """Raise Telegram's 429 when this chat, or all chats together, exceed a limit."""
        limits = self._limits
        if limits is None:
            return
        now, wait = self._clock(), 0.0
        if limits.per_chat is not None:
            gauge = self._chats.get(chat)
            if gauge is None:
                gauge = self._chats[chat] = _Gauge(limits.per_chat, limits.chat_burst, False)
            wait = gauge.admit(now, 1 / limits.per_chat)
        if not wait and self._overall is not None:
            wait = self._overall.admit(now, limits.penalty)
        if wait:
            self.refused += 1
            seconds = max(math.ceil(wait), 1)
            raise ApiRefusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
