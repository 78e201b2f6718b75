"""A Zalo bot's webhook: the endpoint that Zalo calls, and the task that keeps the webhook set."""

import asyncio
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.intake.intake import Intake
from bot.operations.logs import report
from bot.operations.readiness import Readiness
from bot.service.connections import body_of
from bot.zalo.client import WrongToken, ZaloClient, ZaloError
from bot.zalo.updates import payloads
from storage.errors import StorageError

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
SECONDS_APART = 60.0  # between two checks whether it is still set
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between attempts while it can't be set
STALE_SECONDS = 180.0
REPORTED_FOR = 600.0  # seconds: both programs set the webhook again each minute, so it alternates


class Rival:
    """Notices another program that uses the same token and sets the webhook to its own address."""

    def __init__(self, bot: str, steady: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._steady = steady
        self._seen_at: float | None = None
        self._was_ours = False

    def note(self, *, ours: bool) -> None:
        """Note whether the webhook is this program's; another one counts only if it was before."""
        if self._was_ours and not ours:
            log.error("another program set the webhook", bot=self._bot)
            self._seen_at = self._steady()
        self._was_ours = ours

    def trouble(self) -> str | None:
        """Return why events may not arrive; None while no other program takes them."""
        if self._seen_at is None or self._steady() - self._seen_at > REPORTED_FOR:
            return None
        return "another program takes this bot's messages with the same token; stop it, or reset it"


class ZaloHook:
    """Sets the webhook, checks every minute whether it is still set, and sets it again."""

    def __init__(self, bot: str, client: ZaloClient, address: str, secret: str) -> None:
        self._bot = bot
        self._client = client
        self._address = address
        self._secret = secret
        self._checked_at = time.monotonic()
        self._wrong: str | None = "the webhook isn't set yet"
        self._rival = Rival(bot)

    @property
    def age(self) -> float:
        """Seconds since the webhook was seen to be set, or since the start."""
        return time.monotonic() - self._checked_at

    def trouble(self) -> str | None:
        """Return why events may not arrive; None while the webhook is set."""
        if self._wrong is not None:
            return self._wrong
        if self.age >= STALE_SECONDS:
            return f"Zalo hasn't answered for {self.age:.0f} seconds"
        return self._rival.trouble()

    async def set_once(self) -> bool:
        """Set the webhook; return whether Zalo has it."""
        try:
            probe = await self._client.set_webhook(self._address, self._secret)
        except ZaloError as error:
            self._failed(error)
            return False
        self._checked_at = time.monotonic()
        self._wrong = None
        self._rival.note(ours=True)
        if probe.ok is False:  # the webhook is set nevertheless
            log.warning("Zalo's probe of the webhook failed", bot=self._bot, hint=probe.hint)
            self._wrong = f"Zalo can't reach PUBLIC_URL ({probe.hint or probe.status})"
        return True

    async def run(self) -> None:
        """Keep the webhook set until cancelled."""
        failures = 0
        while True:
            if await self._is_set() or await self.set_once():
                failures = 0
                await asyncio.sleep(SECONDS_APART)
            else:
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1

    async def _is_set(self) -> bool:
        try:
            address = await self._client.get_webhook()
        except ZaloError as error:
            self._failed(error)
            return False
        self._rival.note(ours=address == self._address)
        if address == self._address and self._wrong is None:
            self._checked_at = time.monotonic()
            return True
        return False

    def _failed(self, error: ZaloError) -> None:
        log.warning("webhook not set", bot=self._bot, reason=str(error))
        if isinstance(error, WrongToken):
            self._wrong = (
                "Zalo refuses the bot's token; `bot remove` it and `bot add` it with the new one"
            )


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A request's events, to be stored before the answer, and the `status` to answer with."""

    status: int
    events: tuple[dict[str, Any], ...] = ()


def read_request(headers: Mapping[str, str], body: bytes, secret: str) -> HookRequest:
    """Read the events of a request. `headers` must ignore the case of names.

    Zalo probes a new address; the probe's content and secret aren't documented. It also posts empty
    bodies. So a request without an event changes nothing and gets a 200. An event needs the secret.
    """
    given = headers.get(SECRET_HEADER, "")
    known = hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())
    if not body.strip():
        return HookRequest(HTTPStatus.OK)
    try:
        events = payloads(json.loads(body))
    except (ValueError, RecursionError):
        return HookRequest(HTTPStatus.BAD_REQUEST if known else HTTPStatus.FORBIDDEN)
    if events and not known:
        return HookRequest(HTTPStatus.FORBIDDEN)
    return HookRequest(HTTPStatus.OK, tuple(events))


def endpoint(intake: Intake, secret: str, readiness: Readiness) -> Callable[[Request], Any]:
    """Return the endpoint that Zalo calls; it answers 200 to an event only after storing it."""

    async def receive(request: Request) -> Response:
        body = await body_of(request)
        if body is None:
            return Response(
                status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Connection": "close"}
            )
        read = read_request(request.headers, body, secret)
        if not read.events:
            return Response(status_code=read.status)
        if readiness.stopping:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            await intake.take(read.events)
        except StorageError as error:
            report(log, "event not stored", error)
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)  # Zalo sends it again
        return Response(status_code=read.status)

    return receive
