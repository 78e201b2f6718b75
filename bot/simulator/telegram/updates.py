"""The updates that wait for the bot: numbered, confirmed by offset, polled by one; the webhook."""

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
# As in the source of Telegram's Bot API server: a 409 within so many seconds after another one is
# held back so long.
CONFLICTS_APART = 3.0
# Telegram leaves these out unless they are asked for.
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_TAKEN_OVER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(slots=True)
class _Waiting:
    update: Update
    chat: int | None = None
    not_before: float = 0.0
    late: bool = False  # later ones came first: confirmed when the bot names it as its last
    held: bool = False  # given only after a release
    once_more: bool = False  # given although the bot has confirmed it already

    @property
    def number(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True)
class _Mischief:
    double: int = 0
    delayed: int = 0
    delay: float = 0.0
    held: Counter[int] = field(default_factory=Counter)  # by chat


@dataclass(slots=True)
class UpdateQueue:
    """Updates in order; `bell` rings when something arrives or is confirmed."""

    bell: Bell
    next_id: int = 800_000_001
    allowed: frozenset[str] = frozenset()
    closed: bool = False
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _past: deque[Update] = field(default_factory=lambda: deque(maxlen=1000))
    _poller: object | None = None
    _ousted_by: str = _TAKEN_OVER
    _next_conflict: float = 0.0
    _mischief: _Mischief = field(default_factory=_Mischief)

    def add(self, kind: str, content: dict[str, Any], chat: int | None = None) -> int | None:
        """Queue an update of a chat; its number, or None where the bot does not want this kind."""
        if (self.allowed and kind not in self.allowed) or (
            not self.allowed and kind in _NOT_BY_DEFAULT
        ):
            return None
        number = self.next_id
        self.next_id += 1
        waiting = _Waiting({"update_id": number, kind: content}, chat)
        if self._mischief.delayed:
            self._mischief.delayed -= 1
            waiting.not_before = time.monotonic() + self._mischief.delay
            waiting.late = True
        if chat is not None and self._mischief.held[chat]:
            self._mischief.held[chat] -= 1
            waiting.held = waiting.late = True
        self._waiting.append(waiting)
        if self._mischief.double:
            self._mischief.double -= 1
            self._waiting.append(replace(waiting))
        self.bell.ring()
        return number

    def double(self, times: int) -> None:
        """Give each of the next `times` updates twice."""
        self._mischief.double = times

    def delay(self, times: int, seconds: float) -> None:
        """Hold back each of the next `times` updates."""
        self._mischief.delayed, self._mischief.delay = times, seconds

    def hold(self, chat: int, times: int = 1) -> None:
        """Hold back each of the next `times` updates of a chat until it is released."""
        self._mischief.held[chat] = times

    def release(self, chat: int) -> int:
        """Give what was held back of a chat, after all that waits now; how many there are.

        They keep their numbers, which are then lower than those that came before.
        """
        self._mischief.held.pop(chat, None)
        released = [one for one in self._waiting if one.held and one.chat == chat]
        others = [one for one in self._waiting if not (one.held and one.chat == chat)]
        for waiting in released:
            waiting.held = False
        self._waiting = deque(others + released)
        self.bell.ring()
        return len(released)

    def repeat(self, count: int) -> int:
        """Give the last `count` confirmed updates once more, as after a lost confirmation."""
        again = list(self._past)[-count:] if count > 0 else []
        self._waiting.extendleft(_Waiting(update, once_more=True) for update in reversed(again))
        self.bell.ring()
        return len(again)

    def confirmed(self) -> list[int]:
        """The numbers of the last updates (a thousand at most) that the bot has confirmed."""
        return [int(update["update_id"]) for update in self._past]

    def pending(self) -> int:
        """The number of updates that the bot has not confirmed."""
        return len(self._waiting)

    def held(self) -> int:
        """The number of unconfirmed updates that are held back until they are released."""
        return sum(one.held for one in self._waiting)

    @property
    def polling(self) -> bool:
        """Whether a getUpdates call waits."""
        return self._poller is not None

    def drop(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()
        self.bell.ring()

    def confirm(self, offset: int) -> None:
        """The bot has everything before `offset`, except what was held back and never given."""
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
        """The webhook has taken this update."""
        for waiting in self._waiting:
            if waiting.update is update:
                self._waiting.remove(waiting)
                break
        self._past.append(update)
        self.bell.ring()

    def due(self, limit: int) -> list[Update]:
        """The updates that can be delivered now."""
        now = time.monotonic()
        due = (one.update for one in self._waiting if not one.held and one.not_before <= now)
        return list(itertools.islice(due, limit))

    def end_poll(self, reason: str) -> None:
        """End the long poll that waits, with a 409."""
        self._ousted_by = reason
        self._poller = None
        self.bell.ring()

    async def refuse(self, reason: str) -> NoReturn:
        """A 409; one that comes soon after another is held back."""
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICTS_APART)
        else:
            self._next_conflict = now + CONFLICTS_APART
        raise conflict(reason)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109
        """One getUpdates call: confirms, then gives what there is, or waits for something to give.

        Only a call that has to wait ends another one that waits.
        """
        self._forget(offset)
        limit = min(max(limit, 1), MAX_LIMIT)
        if timeout <= 0 or self.due(limit):
            await asyncio.sleep(0)  # polls with timeout 0 in a loop must not starve the others
            return self._given(limit)
        self.end_poll(_TAKEN_OVER)
        me = self._poller = object()
        self.bell.ring()
        try:
            return await self._wait(me, limit, min(timeout, MAX_TIMEOUT))
        finally:
            if self._poller is me:
                self._poller = None

    def _forget(self, offset: int) -> None:
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

    async def _wait(self, me: object, limit: int, seconds: float) -> list[Update]:
        end = time.monotonic() + seconds
        while True:
            if self._poller is not me:
                await self.refuse(self._ousted_by)
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
        """The Bot API's WebhookInfo."""
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
