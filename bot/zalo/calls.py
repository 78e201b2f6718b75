"""Sends the messages of one Zalo bot and counts them for its monthly plan."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.messengers import SentMessage
from bot.service.clock import Clock
from bot.zalo.client import NeverConnected, Sent, Uncertain, ZaloClient
from bot.zalo.quota import Quota

T = TypeVar("T")
log = structlog.get_logger(__name__)

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between tries while nothing connects


class Calls:
    """Sends texts and pictures; a failed call raises a ZaloError."""

    def __init__(self, client: ZaloClient, clock: Clock, quota: Quota) -> None:
        self._client = client
        self._clock = clock
        self._quota = quota
        self._unnamed = 0  # messages without an id so far

    async def text(self, chat: str, text: str) -> SentMessage:
        """Send one text."""
        return await self._counted(self._client.send_message(chat, text))

    async def photo(self, chat: str, address: str, caption: str = "") -> SentMessage:
        """Send a picture, which Zalo fetches from its public address."""
        return await self._counted(self._client.send_photo(chat, address, caption))

    async def check(self) -> None:
        """Ask Zalo who the bot is, to find out whether Zalo answers."""
        await self._client.get_me()

    async def _counted(self, call: Awaitable[Sent]) -> SentMessage:
        """Make the call; count for the plan what was sent, or may have been sent."""
        try:
            sent = await call
        except Uncertain:
            self._quota.sent()
            raise
        self._quota.sent()
        message = sent.message
        if message is None:  # the message arrived, but Zalo gave no id
            self._unnamed += 1
            message = f"unnamed-{self._clock.now().timestamp()}-{self._unnamed}"
        return SentMessage(message, sent.at or self._clock.now())


async def with_retries(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that a person waits for; retry it only if it certainly didn't arrive."""
    for pause in PAUSES:
        try:
            return await call()
        except NeverConnected:
            await asyncio.sleep(pause)
    return await call()
