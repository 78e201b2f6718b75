"""An implementation of PTB's rate limiter: it counts all calls and delays them during a pause.

PTB's own AIORateLimiter sends before Telegram's pause is over, and doesn't distinguish replies from
bulk messages.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import BaseRateLimiter

from bot.operations.metrics import OTHER, Metrics
from bot.sending.pacing import Pacing
from bot.sending.pause_file import pause_text
from bot.telegram.transport import never_arrived, refused_by_server

T = TypeVar("T")
log = structlog.get_logger(__name__)

LONGEST_WAIT = 90.0  # seconds that a reply waits for a pause; later /start shows the state


class Limiter(BaseRateLimiter[str]):
    """The limiter of one bot; it shares its pacing with the sender of bulk messages."""

    def __init__(
        self,
        pacing: Pacing,
        metrics: Metrics,
        on_change: Callable[[Sequence[tuple[str, float]]], None],
    ) -> None:
        self.pacing = pacing
        self._metrics = metrics
        self._on_change = on_change  # is called with the long pauses when they change
        metrics.pace.set_function(lambda: pacing.rate)

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401
        """Make one call for PTB, as BaseRateLimiter asks."""
        chat = str(data["chat_id"]) if "chat_id" in data else None
        call = partial(callback, *args, **kwargs)
        return await self.make_call(endpoint, call, chat)

    async def make_call(
        self, method: str, call: Callable[[], Awaitable[T]], chat: str | None, *, bulk: bool = False
    ) -> T:
        """Make one call; a reply first waits for a pause to end, a bulk message doesn't."""
        if not bulk:
            await self.wait_for_turn(method, chat)
            self.pacing.replied(_now(), chat)
        began = _now()
        try:
            answer = await call()
        except TelegramError as error:
            self._metrics.called(method, outcome_of(error))
            if isinstance(error, RetryAfter):
                self._refused(method, chat, retry_seconds(error))
            raise
        self._metrics.called(method)
        if self.pacing.taken(began, _now(), method, chat) > LONGEST_WAIT:
            log.info("a pause is over early", method=method)
            self._on_change(self._long_pauses())
        return answer

    def _refused(self, method: str, chat: str | None, seconds: float) -> None:
        everything = self.pacing.refused(_now(), method, chat, seconds)
        waits = "everything" if everything else "the method" if chat is None else "one chat"
        write_log = log.error if everything and seconds > LONGEST_WAIT else log.warning
        pace = round(self.pacing.rate, 1)
        write_log("told to wait", method=method, seconds=seconds, waits=waits, pace=pace)
        if seconds > LONGEST_WAIT:
            self._on_change(self._long_pauses())

    def is_paused(self, method: str, chat: str | None) -> bool:
        """Return whether a call of this method to this chat must wait now."""
        return self.pacing.paused(_now(), method, chat) > 0

    async def wait_for_turn(self, method: str, chat: str | None) -> None:
        """Wait until a reply may be sent; raise RetryAfter if that exceeds LONGEST_WAIT."""
        while (wait := self.pacing.reserve_reply_slot(_now(), method, chat)) > 0:
            if wait > LONGEST_WAIT:
                raise RetryAfter(math.ceil(wait))
            await asyncio.sleep(wait)
            # Its turn has come, unless another pause has begun in the meantime.
            if not self.is_paused(method, chat):
                return

    def pauses(self) -> list[str]:
        """Return the pauses longer than LONGEST_WAIT, in words."""
        return [pause_text(what, seconds) for what, seconds in self._long_pauses()]

    def _long_pauses(self) -> list[tuple[str, float]]:
        return [
            (f"{method or 'all messages'}{f' (chats: {chats})' if chats else ''}", seconds)
            for method, chats, seconds in self.pacing.pauses(_now())
            if seconds > LONGEST_WAIT
        ]

    def trouble(self) -> str | None:
        """Return a sentence when all messages wait for long; None while replies are sent."""
        seconds = self.pacing.all_paused(_now())
        if seconds <= LONGEST_WAIT:
            return None
        return f"Telegram refuses all messages for another {seconds:.0f} seconds"


def retry_seconds(error: RetryAfter) -> float:
    """Return the pause that Telegram demands, in seconds."""
    given = error.retry_after
    return given.total_seconds() if isinstance(given, timedelta) else float(given)


def _now() -> float:
    return asyncio.get_running_loop().time()


def outcome_of(error: TelegramError | TimeoutError) -> str:
    """Return the result of a failed call, as a label of the metrics."""
    match error:
        case RetryAfter():
            return "too_many_requests"
        case Forbidden():
            return "forbidden"
        case InvalidToken():
            return "unauthorized"
        case Conflict():
            return "conflict"
        case BadRequest():
            return "bad_request"
        case NetworkError() if never_arrived(error):
            return "not_connected"
        case TimedOut() | TimeoutError():
            return "timed_out"
        case NetworkError():
            return "server_error" if refused_by_server(error) else "connection_lost"
    return OTHER
