"""The queue of updates that wait for the bot, and the state of its webhook.

Updates are numbered and confirmed by an offset; only one call of getUpdates can wait.
"""

import asyncio
import itertools
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from bot.simulator.journal import Bell
from bot.simulator.refusal import conflict

Update = dict[str, Any]

MAX_LIMIT = 100
MAX_TIMEOUT = 50
# Seconds. Telegram's Bot API server delays a 409 by this time if another one came within this time
# before it (as in its source code).
CONFLICTS_APART = 3.0
# Telegram sends these kinds only if the bot asks for them.
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_TAKEN_OVER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(slots=True)
class _Waiting:
    update: Update
    chat: int | None = None
    not_before: float = 0.0
    late: bool = False  # later ones are delivered first; only an exact offset confirms it
    held: bool = False  # delivered only after a release
    once_more: bool = False  # delivered although the bot has confirmed it already

    @property
    def number(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True)
class _PlannedFaults:
    double: int = 0
    delayed: int = 0
    delay: float = 0.0
    held: Counter[int] = field(default_factory=Counter)  # by chat


@dataclass(slots=True)
class UpdateQueue:
    """The updates in order; `bell` rings when an update is added or confirmed."""

    bell: Bell
    next_id: int = 800_000_001
    allowed: frozenset[str] = frozenset()
    closed: bool = False
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _past: deque[Update] = field(default_factory=lambda: deque(maxlen=1000))
    _poller: object | None = None
    _end_reason: str = _TAKEN_OVER  # of the last poll that was ended
    _next_conflict: float = 0.0
    _faults: _PlannedFaults = field(default_factory=_PlannedFaults)

    def add(self, kind: str, content: dict[str, Any], chat: int | None = None) -> int | None:
        """Queue an update of a chat; return its number, or None for a kind that isn't wanted."""
        if (self.allowed and kind not in self.allowed) or (
            not self.allowed and kind in _NOT_BY_DEFAULT
        ):
            return None
        number = self.next_id
        self.next_id += 1
        waiting = _Waiting({"update_id": number, kind: content}, chat)
        if self._faults.delayed:
            self._faults.delayed -= 1
            waiting.not_before = time.monotonic() + self._faults.delay
            waiting.late = True
        if chat is not None and self._faults.held[chat]:
            self._faults.held[chat] -= 1
            waiting.held = waiting.late = True
        self._waiting.append(waiting)
        if self._faults.double:
            self._faults.double -= 1
            self._waiting.append(replace(waiting))
        self.bell.ring()
        return number

    def double(self, times: int) -> None:
        """Deliver each of the next `times` updates twice."""
        self._faults.double = times

    def delay(self, times: int, seconds: float) -> None:
        """Delay each of the next `times` updates by `seconds`."""
        self._faults.delayed, self._faults.delay = times, seconds

    def hold(self, chat: int, times: int = 1) -> None:
        """Hold back each of the next `times` updates of a chat until it is released."""
        self._faults.held[chat] = times

    def release(self, chat: int) -> int:
        """Release the held updates of a chat, behind all that wait now; return their number.

        They keep their numbers, which are then lower than those delivered before them.
        """
        self._faults.held.pop(chat, None)
        released = [one for one in self._waiting if one.held and one.chat == chat]
        others = [one for one in self._waiting if not (one.held and one.chat == chat)]
        for waiting in released:
            waiting.held = False
        self._waiting = deque(others + released)
        self.bell.ring()
        return len(released)

    def repeat(self, count: int) -> int:
        """Deliver the last `count` confirmed updates again, as after a lost confirmation."""
        again = list(self._past)[-count:] if count > 0 else []
        self._waiting.extendleft(_Waiting(update, once_more=True) for update in reversed(again))
        self.bell.ring()
        return len(again)

    def confirmed(self) -> list[int]:
        """Return the numbers of the last updates (at most 1,000) that the bot has confirmed."""
        return [int(update["update_id"]) for update in self._past]

    def pending(self) -> int:
        """Return the number of updates that the bot hasn't confirmed."""
        return len(self._waiting)

    def held(self) -> int:
        """Return the number of unconfirmed updates that wait for a release."""
        return sum(one.held for one in self._waiting)

    @property
    def polling(self) -> bool:
        """Whether a getUpdates call waits."""
        return self._poller is not None

    def drop(self) -> None:
        """Delete all waiting updates."""
        self._waiting.clear()
        self.bell.ring()

    def confirm(self, offset: int) -> None:
        """Confirm all updates before `offset`, except delayed ones that weren't delivered yet."""
        kept: deque[_Waiting] = deque()
        for waiting in self._waiting:
            late = waiting.late and waiting.number != offset - 1
            if waiting.number >= offset or waiting.once_more or late:
                kept.append(waiting)
            else:
                self._past.append(waiting.update)
        if len(kept) != len(self._waiting):
            self._waiting = kept
            self.bell.ring()

    def delivered(self, update: Update) -> None:
        """Confirm an update that the webhook has accepted."""
        for waiting in self._waiting:
            if waiting.update is update:
                self._waiting.remove(waiting)
                break
        self._past.append(update)
        self.bell.ring()

    def due(self, limit: int) -> list[Update]:
        """Return up to `limit` updates that can be delivered now."""
        now = time.monotonic()
        due = (one.update for one in self._waiting if not one.held and one.not_before <= now)
        return list(itertools.islice(due, limit))

    def end_poll(self, reason: str) -> None:
        """End the waiting long poll with a 409."""
        self._end_reason = reason
        self._poller = None
        self.bell.ring()

    async def refuse(self, reason: str) -> NoReturn:
        """Raise a 409, with a delay if it comes soon after another one."""
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICTS_APART)
        else:
            self._next_conflict = now + CONFLICTS_APART
        raise conflict(reason)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109
        """Serve one getUpdates call: confirm, then return waiting updates or wait for one.

        Only a call that has to wait ends another one that waits.
        """
        self._confirm_before(offset)
        limit = min(max(limit, 1), MAX_LIMIT)
        if timeout <= 0 or self.due(limit):
            await asyncio.sleep(0)  # polls with timeout 0 in a loop must not starve the others
            return self._given(limit)
        self.end_poll(_TAKEN_OVER)
        this_poll = self._poller = object()
        self.bell.ring()
        try:
            return await self._wait(this_poll, limit, min(timeout, MAX_TIMEOUT))
        finally:
            if self._poller is this_poll:
                self._poller = None

    def _confirm_before(self, offset: int) -> None:
        if offset > 0:
            self.confirm(offset)
        elif offset < 0 and len(self._waiting) > -offset:
            self.confirm(self._waiting[offset].number)

    def _given(self, limit: int) -> list[Update]:
        updates = self.due(limit)
        if updates:
            for waiting in self._waiting:
                waiting.once_more = False
        return updates

    async def _wait(self, this_poll: object, limit: int, seconds: float) -> list[Update]:
        end = time.monotonic() + seconds
        while True:
            if self._poller is not this_poll:
                await self.refuse(self._end_reason)
            if updates := self._given(limit):
                return updates
            now = time.monotonic()
            if now >= end or self.closed:
                return []
            delayed = [one.not_before - now for one in self._waiting if not one.held]
            await self.bell.wait(max(min([end - now, *delayed]), 0.001))


@dataclass(slots=True)
class Webhook:
    """The webhook's address and the results of deliveries."""

    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    last_error: str | None = None
    last_error_at: int | None = None
    allowed: list[str] = field(default_factory=list)

    def described(self, pending: int) -> dict[str, Any]:
        """Return the WebhookInfo of the Bot API."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.last_error is not None:
            info |= {
                "last_error_date": self.last_error_at,
                "last_error_message": self.last_error,
            }
        if self.allowed:
            info["allowed_updates"] = self.allowed
        return info
