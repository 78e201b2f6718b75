"""The first calls to Telegram at the start: open the bot, ask for its name, set the webhook.

Each call is retried for a quarter of a minute. Then the program exits, because a wrong address
looks like a network failure. Once the program runs, it retries without a limit.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.exit_error import not_reached, token_refused
from bot.service.waiting import wait_for_event
from bot.settings import Settings
from bot.telegram.calls import reason
from bot.telegram.limiter import Limiter, retry_seconds
from bot.telegram.proxy_errors import ProxyFailed
from bot.telegram.transport import AiohttpRequest
from bot.telegram.updates import WANTED
from bot.telegram.webhook_watch import CONNECTIONS

T = TypeVar("T")
log = structlog.get_logger(__name__)

PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds between the tries


class StopRequested(Exception):  # noqa: N818 - not an error
    """The program was stopped while it waited for Telegram."""


@asynccontextmanager
async def opened_bot(
    settings: Settings,
    request: BaseRequest | None = None,
    poll_request: BaseRequest | None = None,
    limiter: Limiter | None = None,
    watch: ClockWatch | None = None,
) -> AsyncIterator[tuple[ExtBot[str], BaseRequest]]:
    """Open the bot within the context; yield it and the request object for polls.

    It makes no call yet.
    """
    answered = (watch or ClockWatch(Clock())).answered
    request = request or AiohttpRequest(proxy=settings.proxy, answered=answered)
    # Polls have connections of their own: a long poll must not use one that a reply needs.
    poll_request = poll_request or AiohttpRequest(
        proxy=settings.proxy, connections=2, answered=answered
    )
    bot = ExtBot(
        settings.token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=poll_request,
        rate_limiter=limiter,
    )
    async with request, poll_request:
        yield bot, poll_request


async def username_of(bot: Bot, stop: asyncio.Event) -> str:
    """Return the bot's user name, which invitation links need; raise as `retry` does."""
    me = await retry(bot.get_me, stop)
    return me.username or ""


async def take_by_webhook(bot: Bot, settings: Settings, stop: asyncio.Event) -> None:
    """Set the webhook, with retries."""
    await retry(lambda: set_webhook(bot, settings), stop)


async def set_webhook(bot: Bot, settings: Settings) -> bool:
    """Set the webhook once."""
    address = settings.webhook_url
    assert address is not None
    return await bot.set_webhook(
        address,
        allowed_updates=list(WANTED),
        secret_token=settings.secret,
        max_connections=CONNECTIONS,
    )


async def retry(call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T:
    """Retry a call until it succeeds; raise StopRequested when stopped, ExitError at the end."""
    pauses = iter(PAUSES)
    while True:
        try:
            return await call()
        except InvalidToken as error:
            raise token_refused() from error
        except RetryAfter as error:
            wait: float | None = retry_seconds(error)
        except TelegramError as error:
            wait = next(pauses, None)
            if wait is None:
                by_proxy = error.translated() if isinstance(error, ProxyFailed) else None
                raise not_reached(by_proxy) from error
            log.warning("Telegram not reached", reason=reason(error), pause=wait)
        if await wait_for_event(stop, wait):
            raise StopRequested
