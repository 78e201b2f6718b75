"""Delivers updates to the webhook as Telegram does: in order, with the secret, with retries."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.telegram.world import World

_log = logging.getLogger(__name__)
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)

# Posts JSON with headers to an address; returns the HTTP status.
Post = Callable[[str, dict[str, Any], dict[str, str]], Awaitable[int]]


async def deliver(world: World, post: Post | None = None) -> None:
    """Deliver until the world closes, one update after the other to preserve their order."""
    if post is not None:
        await _deliver(world, post)
        return
    import aiohttp

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:

        async def post_over_http(url: str, body: dict[str, Any], headers: dict[str, str]) -> int:
            async with session.post(url, json=body, headers=headers) as answer:
                return answer.status

        await _deliver(world, post_over_http)


async def _deliver(world: World, post: Post) -> None:
    failures = 0
    while not world.closing:
        due = world.updates.due(1) if world.webhook.url else []
        if not due:
            await world.bell.wait(0.5)
            continue
        problem = await _try(world, post, due[0])
        if problem is None:
            failures = 0
            world.updates.delivered(due[0])
            continue
        world.webhook.last_error, world.webhook.last_error_at = problem, world.stamp()
        pause = _PAUSES[min(failures, len(_PAUSES) - 1)]
        failures += 1
        until = time.monotonic() + pause
        while not world.closing and (left := until - time.monotonic()) > 0:
            await world.bell.wait(left)


async def _try(world: World, post: Post, update: dict[str, Any]) -> str | None:
    headers = {}
    if world.webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = world.webhook.secret
    try:
        status = await post(world.webhook.url, update, headers)
    except (TimeoutError, OSError, RuntimeError) as error:
        _log.info("webhook not reached: %s", type(error).__name__)
        return "Connection failed"
    except Exception as error:
        # The check by name recognises aiohttp's errors without importing aiohttp.
        if not type(error).__module__.startswith("aiohttp"):
            raise
        return f"Connection failed: {type(error).__name__}"
    if 200 <= status < 300:
        return None
    return f"Wrong response from the webhook: {status}"
