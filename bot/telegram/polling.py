"""Receives Telegram's updates by polling or by webhook."""

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.intake.intake import Intake
from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.operations.readiness import Readiness
from bot.sending.pacing import LONG
from bot.service.connections import body_of
from bot.service.exit_error import token_refused
from bot.service.workers.conflict_monitor import ConflictMonitor
from bot.telegram.calls import reason
from bot.telegram.limiter import outcome_of, retry_seconds
from bot.telegram.transport import plain_data
from bot.telegram.updates import WANTED
from bot.telegram.webhook_watch import WebhookWatch
from storage.errors import StorageError

log = structlog.get_logger(__name__)

POLL = "getUpdates"
POLL_SECONDS = 30
POLL_LIMIT = POLL_SECONDS + 20.0  # a poll that takes longer hangs and is cancelled
SHORTEST_EMPTY_POLL = 0.1
BATCH = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between polls while they fail
FORGIVEN_CONFLICTS = 1  # the first may come from an old webhook, or an old poll that ends late
STALE_SECONDS = 180.0  # after this time without a successful poll the program isn't ready


class Poller:
    """Polls for updates (long polling) while the program runs."""

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        intake: Intake,
        metrics: Metrics,
        conflicts: ConflictMonitor,
    ) -> None:
        self._bot = bot
        self._address = f"{bot.base_url}/{POLL}"
        self._request = request
        self._intake = intake
        self._metrics = metrics
        self._conflicts = conflicts
        self._offset: int | None = None
        self._last_success = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since a poll was answered, or since the start."""
        return time.monotonic() - self._last_success

    @property
    def fresh(self) -> bool:
        """Whether a poll was answered within STALE_SECONDS."""
        return self.age < STALE_SECONDS

    def trouble(self) -> str | None:
        """Return why updates may not arrive, in one sentence; None while polls are answered."""
        if not self.fresh:
            return f"no poll was answered for {self.age:.0f} seconds"
        return self._conflicts.trouble()

    async def run(self) -> None:
        """Poll until cancelled; raise an ExitError for failures that waiting can't resolve."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._poll()
            except (TelegramError, StorageError, TimeoutError) as error:
                if not isinstance(error, StorageError):
                    self._metrics.called(POLL, outcome_of(error))
                if isinstance(error, Conflict):
                    await self._note_conflict(error)
                    pause = FIRST_PAUSE  # poll soon: the other program receives the messages
                wait = self._pause_after(error, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                await asyncio.sleep(wait)
            else:
                pause = FIRST_PAUSE

    async def watch(self) -> None:
        """Log when no poll was answered for STALE_SECONDS, and when one is answered again.

        A poll that hangs is cancelled after POLL_LIMIT and then counts as failed.
        """
        silent = False
        while True:
            await asyncio.sleep(STALE_SECONDS / 6)
            if self.fresh == silent:
                silent = not silent
                seconds = round(self.age)
                if silent:
                    log.error("no updates can be received from Telegram", seconds=seconds)
                else:
                    log.info("updates are received from Telegram again")

    async def _poll(self) -> None:
        parameters = {
            "timeout": POLL_SECONDS,
            "limit": BATCH,
            "allowed_updates": list(WANTED),
            **({} if self._offset is None else {"offset": self._offset}),
        }
        asked = time.monotonic()
        async with asyncio.timeout(POLL_LIMIT):
            batch = await self._request.post(
                self._address,
                plain_data(parameters),
                read_timeout=POLL_SECONDS + 10,
            )
        # Note the success before storing the updates: a full disk isn't an outage of Telegram.
        began, self._last_success = self._last_success, time.monotonic()
        self._metrics.called(POLL)
        self._conflicts.succeeded(asked)
        if isinstance(batch, list) and batch:
            await self._intake.take(batch)
            self._offset = max(int(update["update_id"]) for update in batch) + 1
            await asyncio.sleep(0)  # the replies of the same commit go out before the next poll
        elif time.monotonic() - began < SHORTEST_EMPTY_POLL:
            # A server that answers at once must not be flooded.
            await asyncio.sleep(SHORTEST_EMPTY_POLL)

    async def _note_conflict(self, conflict: Conflict) -> None:
        """Note a conflict with another program; delete its webhook, not the waiting updates."""
        self._conflicts.conflicted()
        if "webhook" not in str(conflict).lower():
            return
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            log.warning("webhook not deleted", reason=reason(error))

    def _pause_after(self, error: Exception, pause: float) -> float:
        """Log a failed poll; return the seconds to wait before the next one."""
        if isinstance(error, InvalidToken):
            raise token_refused() from error
        if isinstance(error, Conflict):
            return pause  # the conflict monitor has logged it
        self._conflicts.failed()
        if isinstance(error, RetryAfter):
            # Poll before a long pause ends, to find out whether it still applies.
            log.warning("polls must pause", seconds=retry_seconds(error))
            return min(retry_seconds(error), LONG)
        if isinstance(error, TelegramError):
            log.warning("poll failed", reason=reason(error), pause=pause)
        else:
            report(log, "poll failed", error, pause=pause)
        return pause


def webhook(
    intake: Intake, secret: str, watch: WebhookWatch, readiness: Readiness
) -> Callable[[Request], Any]:
    """Return the endpoint that Telegram calls; it answers 200 only after the update is stored."""

    async def receive(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        # In constant time, so that the secret can't be guessed by timing.
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if readiness.stopping:
            return Response(status_code=503)  # Telegram sends it again after the restart
        body = await body_of(request)
        if body is None:  # not from Telegram, whose calls are short and arrive at once
            return Response(status_code=413, headers={"Connection": "close"})
        try:
            payload = json.loads(body)
        except ValueError:
            return Response(status_code=400)
        try:
            await intake.take([payload])
        except StorageError as error:
            report(log, "update not stored", error)
            return Response(status_code=503)  # Telegram sends it again
        watch.called()
        return Response(status_code=200)

    return receive
