"""Between PTB's calls and Telegram: what goes out is counted, what was told to wait waits.

PTB's own AIORateLimiter lets go before Telegram's pause is over and knows no two kinds of messages.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.operations.metrics import Metrics, outcome_of
from bot.sending.long_pauses import in_words
from bot.sending.pacing import Pacing

T = TypeVar("T")
log = structlog.get_logger(__name__)

LONGEST_WAIT = 90.0  # seconds that a reply waits for a pause's end; then /start shows the state


class Limiter(BaseRateLimiter[str]):
    """One for each bot; its pace is shared with the sender of bulk messages."""

    def __init__(
        self,
        pacing: Pacing,
        metrics: Metrics,
        noted: Callable[[Sequence[tuple[str, float]]], None],
    ) -> None:
        self.pacing = pacing
        self._metrics = metrics
        self._noted = noted  # told what waits for long, when that changes
        metrics.pace.set_function(lambda: pacing.rate)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401
        """Make one call of PTB's."""
        chat = str(data["chat_id"]) if "chat_id" in data else None
        call = partial(callback, *args, **kwargs)
        return await self.through(endpoint, call, chat)

    async def through(
        self, method: str, call: Callable[[], Awaitable[T]], chat: str | None, *, bulk: bool = False
    ) -> T:
        """Make one call; replies wait out a pause; bulk messages were paced already."""
        if not bulk:
            await self.passed(method, chat)
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
            log.info("a pause is over before its time", method=method)
            self._noted(self._long())
        return answer

    def _refused(self, method: str, chat: str | None, seconds: float) -> None:
        everything = self.pacing.refused(_now(), method, chat, seconds)
        held = "everything" if everything else "the method" if chat is None else "one chat"
        tell = log.error if everything and seconds > LONGEST_WAIT else log.warning
        pace = round(self.pacing.rate, 1)
        tell("told to wait", method=method, seconds=seconds, waits=held, pace=pace)
        if seconds > LONGEST_WAIT:
            self._noted(self._long())

    def holds(self, method: str, chat: str | None) -> bool:
        """Whether such a call would have to wait."""
        return self.pacing.paused(_now(), method, chat) > 0

    async def passed(self, method: str, chat: str | None) -> None:
        """Return when a reply may go; RetryAfter when that is too far away."""
        while (wait := self.pacing.reply_wait(_now(), method, chat)) > 0:
            if wait > LONGEST_WAIT:
                raise RetryAfter(math.ceil(wait))
            await asyncio.sleep(wait)
            if not self.holds(method, chat):
                return

    def pauses(self) -> list[str]:
        """What Telegram refuses for so long that replies are given up, each in words."""
        return [in_words(what, seconds) for what, seconds in self._long()]

    def _long(self) -> list[tuple[str, float]]:
        return [
            (f"{method or 'all messages'}{f' (chats: {chats})' if chats else ''}", seconds)
            for method, chats, seconds in self.pacing.pauses(_now())
            if seconds > LONGEST_WAIT
        ]

    def trouble(self) -> str | None:
        """Why nobody gets anything for long, in one sentence; None while replies go out."""
        seconds = self.pacing.all_paused(_now())
        if seconds <= LONGEST_WAIT:
            return None
        return f"Telegram refuses all messages for another {seconds:.0f} seconds"


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    given = error.retry_after
    return given.total_seconds() if isinstance(given, timedelta) else float(given)


def _now() -> float:
    return asyncio.get_running_loop().time()
