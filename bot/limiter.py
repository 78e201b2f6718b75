"""Between PTB's calls and Telegram: what goes out is counted, what was told to wait waits.

PTB's own AIORateLimiter lets go before Telegram's pause is over and knows no two kinds of messages.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.metrics import Metrics, outcome_of
from bot.pacing import Pacing

T = TypeVar("T")
log = structlog.get_logger(__name__)

LONGEST_WAIT = 90.0  # seconds that a reply waits for a pause's end; then /start shows the state


class Limiter(BaseRateLimiter[str]):
    """One for each bot; its pace is shared with the sender of mass messages."""

    def __init__(self, pacing: Pacing, metrics: Metrics) -> None:
        self.pacing = pacing
        self._metrics = metrics
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
        self, method: str, call: Callable[[], Awaitable[T]], chat: str | None, *, mass: bool = False
    ) -> T:
        """Make one call; a reply waits for the end of a pause and is counted, the mass has."""
        if not mass:
            await self.passed(chat)
            self.pacing.replied(_now(), chat)
        try:
            answer = await call()
        except TelegramError as error:
            self._metrics.called(method, outcome_of(error))
            if isinstance(error, RetryAfter):
                seconds = retry_seconds(error)
                self.pacing.refused(_now(), chat, seconds)
                log.warning("told to wait", seconds=seconds, pace=round(self.pacing.rate, 1))
            raise
        self._metrics.called(method)
        return answer

    def holds(self, chat: str | None) -> bool:
        """Whether a call (to this chat) would have to wait."""
        return self.pacing.paused(_now(), chat) > 0

    async def passed(self, chat: str | None) -> None:
        """Return when a reply may go; RetryAfter when that is too far away."""
        while (wait := self.pacing.reply_wait(_now(), chat)) > 0:
            if wait > LONGEST_WAIT:
                raise RetryAfter(math.ceil(wait))
            await asyncio.sleep(wait)
            if not self.holds(chat):
                return


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    given = error.retry_after
    return given.total_seconds() if isinstance(given, timedelta) else float(given)


def _now() -> float:
    return asyncio.get_running_loop().time()
