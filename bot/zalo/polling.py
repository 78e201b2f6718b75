"""Receives a Zalo bot's events by polling, which is only for trying it out.

A polled event may be gone at Zalo once it is read. If the program is killed before the event is
stored, it is lost. So a bot in service uses a webhook.
"""

import asyncio
import time

import structlog

from bot.intake.intake import Intake
from bot.operations.logs import report
from bot.zalo.client import WrongToken, ZaloClient, ZaloError
from bot.zalo.updates import Payload, payloads
from storage.errors import Closed, StorageError

log = structlog.get_logger(__name__)

POLL_SECONDS = 30
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds, while polls or the database fail
PAUSE_FOR_NOTHING_NEW = 0.5  # seconds, when Zalo returns the same event again at once
STALE_SECONDS = 180.0


class ZaloPoller:
    """Polls while the program runs; a failure ends neither the program nor another bot."""

    def __init__(self, bot: str, client: ZaloClient, intake: Intake) -> None:
        self._bot = bot
        self._client = client
        self._intake = intake
        self._last_success = time.monotonic()
        self._refused = False
        self.answered = False  # whether Zalo has answered since the start

    @property
    def age(self) -> float:
        """Seconds since a poll was answered, or since the start."""
        return time.monotonic() - self._last_success

    def trouble(self) -> str | None:
        """Return why events may not arrive; None while polls are answered."""
        if self._refused:
            return "Zalo refuses the bot's token; `bot remove` it and `bot add` it with the new one"
        if self.age >= STALE_SECONDS:
            return f"no poll was answered for {self.age:.0f} seconds"
        return None

    async def run(self) -> None:
        """Poll until cancelled."""
        pause = FIRST_PAUSE
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:  # Zalo answers no polls while a webhook is set
                    await self._client.delete_webhook()
                    webhook_gone = self.answered = True
                given = await self._client.get_updates(POLL_SECONDS)
            except ZaloError as error:
                self._refused = isinstance(error, WrongToken)
                log.warning("poll failed", bot=self._bot, reason=str(error), pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause, self._refused, self._last_success = FIRST_PAUSE, False, time.monotonic()
            events = payloads(given)
            if events and not await self._store(events):
                await asyncio.sleep(PAUSE_FOR_NOTHING_NEW)

    async def _store(self, events: list[Payload]) -> int:
        """Store events and return how many are new; retry without a limit.

        The events may be gone at Zalo, so giving up would lose them.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._intake.take(events)
            except Closed:
                raise
            except StorageError as error:
                report(log, "event not stored", error, bot=self._bot)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
