"""Takes updates in: each is stored, in one commit for a batch, before Telegram hears of it.

The next poll confirms a batch to Telegram, so it is made only after the commit; a webhook gets its
200 only then. So a crash at any moment loses nothing, and what comes twice is stored once.
"""

import asyncio
import hmac
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.operations.logs import report
from bot.operations.metrics import Metrics, outcome_of
from bot.operations.readiness import Readiness
from bot.sending.delay_notice import WaitingWord
from bot.sending.pacing import LONG
from bot.service.clock import Clock
from bot.service.connections import body_of
from bot.service.contest import Contest
from bot.service.exit_error import token_refused
from bot.telegram.calls import reason
from bot.telegram.limiter import retry_seconds
from bot.telegram.transport import plain_data
from bot.telegram.updates import WANTED, chat_of, date_of, kind_of
from bot.telegram.webhook_watch import WebhookWatch
from storage import inbox
from storage.engine.database import Database
from storage.errors import Closed, StorageError

log = structlog.get_logger(__name__)

POLL = "getUpdates"
POLL_SECONDS = 30
POLL_LIMIT = POLL_SECONDS + 20.0  # a poll that takes longer hangs, and is given up
SHORTEST_EMPTY_POLL = 0.1
BATCH = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between polls while they fail
FORGIVEN_CONFLICTS = 1  # it may be a webhook of before, or a poll of before that comes late
STALE_SECONDS = 180.0  # without a good poll the program isn't ready


class Intake:
    """Stores batches of updates and tells the dispatcher of them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        offer: Callable[[Sequence[inbox.Update], asyncio.Future[Any]], None],
        word: WaitingWord,
        metrics: Metrics,
        dated: Callable[[int], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._dated = dated  # told the date of each message
        self._offer = offer
        self._word = word
        self._metrics = metrics

    async def take(self, batch: Sequence[dict[str, Any]]) -> None:
        """Store a batch; it is safe, and handled sooner or later, when this returns.

        When the database can't, whoever wrote is told that it takes longer: Telegram keeps it.
        """
        now = self._clock.now()
        updates = [
            inbox.Update(payload["update_id"], chat_of(payload), json.dumps(payload), now)
            for payload in batch
            if isinstance(payload, dict) and isinstance(payload.get("update_id"), int)
        ]
        if not updates:
            return
        for date in filter(None, map(date_of, batch)):
            self._dated(date)
        try:
            stored = self._database.submit(lambda tx: inbox.take_in(tx, updates, now))
            if self._database.session is None:
                # Handled behind it in the writer's queue: one commit for both.
                self._offer(updates, stored)
            fresh = await stored
        except Closed:
            raise
        except StorageError:
            for update in updates:
                self._word.say(update, "waiting.database")
            raise
        new = set(fresh)
        if self._database.session is not None:  # any worker finds it in the inbox
            self._offer([update for update in updates if update.update_id in new], stored)
        for payload in batch:
            if isinstance(payload, dict) and payload.get("update_id") in new:
                self._metrics.updates[kind_of(payload)].inc()


class Poller:
    """Long polling, for as long as the program runs."""

    def __init__(
        self, bot: Bot, request: BaseRequest, intake: Intake, metrics: Metrics, contest: Contest
    ) -> None:
        self._bot = bot
        self._address = f"{bot.base_url}/{POLL}"
        self._request = request
        self._intake = intake
        self._metrics = metrics
        self._contest = contest
        self._offset: int | None = None
        self._last_success = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since a poll was answered, or since the start."""
        return time.monotonic() - self._last_success

    @property
    def fresh(self) -> bool:
        """Whether Telegram was reached not long ago."""
        return self.age < STALE_SECONDS

    def trouble(self) -> str | None:
        """Why what comes may not come here, in one sentence; None while Telegram answers."""
        if not self.fresh:
            return f"no poll was answered for {self.age:.0f} seconds"
        return self._contest.trouble()

    async def run(self) -> None:
        """Poll until cancelled. Raises an ExitError for what no waiting can mend."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._poll()
            except (TelegramError, StorageError, TimeoutError) as error:
                if not isinstance(error, StorageError):
                    self._metrics.called(POLL, outcome_of(error))
                if isinstance(error, Conflict):
                    await self._contend(error)
                    pause = FIRST_PAUSE  # the other one takes messages meanwhile
                wait = self._judge(error, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                await asyncio.sleep(wait)
            else:
                pause = FIRST_PAUSE

    async def watch(self) -> None:
        """Tell the log when nothing was taken in for long, whatever the reason, and when it ends.

        A poll that hangs is given up and renewed after POLL_LIMIT; that too is a failed one.
        """
        silent = False
        while True:
            await asyncio.sleep(STALE_SECONDS / 6)
            if self.fresh == silent:
                silent = not silent
                seconds = round(self.age)
                if silent:
                    log.error("nothing can be taken in from Telegram", seconds=seconds)
                else:
                    log.info("taking in from Telegram again")

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
        began, self._last_success = self._last_success, time.monotonic()
        self._metrics.called(POLL)
        self._contest.well(asked)
        if isinstance(batch, list) and batch:
            await self._intake.take(batch)
            self._offset = max(int(update["update_id"]) for update in batch) + 1
        elif time.monotonic() - began < SHORTEST_EMPTY_POLL:
            await asyncio.sleep(SHORTEST_EMPTY_POLL)  # a server that doesn't wait isn't hammered

    async def _contend(self, conflict: Conflict) -> None:
        """Another one polls, or has a webhook: that is taken away; what waits is kept."""
        self._contest.met()
        if "webhook" not in str(conflict).lower():
            return
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            log.warning("webhook not taken away", reason=reason(error))

    def _judge(self, error: Exception, pause: float) -> float:
        """How many seconds to wait after a failed poll."""
        if isinstance(error, InvalidToken):
            raise token_refused() from error
        if isinstance(error, Conflict):
            return pause  # the contest has said it
        self._contest.failed()
        if isinstance(error, RetryAfter):  # a poll tries whether a long pause still holds
            log.warning("polls told to wait", seconds=retry_seconds(error))
            return min(retry_seconds(error), LONG)
        if isinstance(error, TelegramError):
            log.warning("poll failed", reason=reason(error), pause=pause)
        else:
            report(log, "poll failed", error, pause=pause)
        return pause


def webhook(
    intake: Intake, secret: str, watch: WebhookWatch, readiness: Readiness
) -> Callable[[Request], Any]:
    """The endpoint that Telegram calls: 200 only after the update is stored."""

    async def receive(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if readiness.stopping:
            return Response(status_code=503)  # the next start gets it
        body = await body_of(request)
        if body is None:  # what Telegram sends is short, and comes at once
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
