"""Zalo's Bot API over HTTP: the methods that the program needs, and what an answer means.

ZaloError
 ├─ NeverConnected  the request surely didn't arrive: it may be sent again
 ├─ Uncertain       who knows whether it was done: the answer is lost, late, 5xx or no JSON
 ├─ WrongToken      401: no call will go well until somebody sets the new token
 ├─ Blocked         403: this person can't be written to
 ├─ OverQuota       429: a rate or the plan's quota is used up; Zalo doesn't say until when
 └─ Refused         any other error: it won't go better next time

The address of every call holds the token, so nothing of what aiohttp says is passed on.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from handlers.flow.deployment import BotLink

ZALO = "https://bot-api.zaloplatforms.com"
SECONDS_TO_CONNECT = 10.0
SECONDS_TO_ANSWER = 20.0
SECONDS_TO_FETCH = 60.0  # a photo, which Zalo fetches before it answers
SECONDS_MORE = 10.0  # that the answer to a poll may take beyond the poll's own time
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
_LONGEST_REASON = 80
_LATEST = 1 << 45  # milliseconds; what comes after the year 3000 is no date


def instant_of(milliseconds: object) -> datetime | None:
    """One of Zalo's times as an instant in whole seconds; None for what is no date."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    if not 0 < milliseconds < _LATEST:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


class ZaloError(Exception):
    """A call that didn't go well: the method, Zalo's code if it gave one, and why."""

    def __init__(self, method: str, why: str, code: int | None = None) -> None:
        super().__init__(f"{method}: {why}" if code is None else f"{method}: {code} {why}")
        self.method = method
        self.code = code


class NeverConnected(ZaloError):  # noqa: N818 - these read as what happened
    """No connection could be made."""


class Uncertain(ZaloError):  # noqa: N818
    """It may have been done."""


class WrongToken(ZaloError):  # noqa: N818
    """The token was reset, or never right."""


class Blocked(ZaloError):  # noqa: N818
    """The person has shut the bot out."""


class OverQuota(ZaloError):  # noqa: N818
    """Too many calls, messages of this month, or people."""


class Refused(ZaloError):  # noqa: N818
    """Zalo doesn't take it."""


_BY_CODE: dict[int, type[ZaloError]] = {
    HTTPStatus.UNAUTHORIZED: WrongToken,
    HTTPStatus.REQUEST_TIMEOUT: Uncertain,
    HTTPStatus.TOO_MANY_REQUESTS: OverQuota,
}


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot as Zalo knows it."""

    id: str
    account_name: str  # "bot.…"

    @property
    def link(self) -> str:
        """The address that opens the chat with it."""
        return f"https://zalo.me/bot.{self.account_name.removeprefix('bot.')}"

    def as_link(self, bot: str) -> BotLink:
        """How people find the bot that is called so here."""
        return BotLink(bot, self.account_name.removeprefix("bot."), self.link)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that arrived. Either is None when Zalo's answer doesn't have it."""

    message: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verification:
    """How Zalo's probe of the webhook went (None: it doesn't tell); it is set in any case."""

    ok: bool | None
    status: int | None = None
    hint: str = ""


class ZaloClient:
    """The methods of one bot. The session, with its connections, belongs to the caller."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        url: str = ZALO,
        answered: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        self._answered = answered  # called with the Date header of each answer
        self._session = session
        self._secret = token.rpartition(":")[2]
        self._base = f"{url.rstrip('/')}/bot{token}"
        self.me: Bot | None = None  # as Zalo has told

    async def get_me(self) -> Bot:
        """Who the bot is."""
        result = _object(await self._call("getMe", {}))
        self.me = Bot(str(result.get("id", "")), str(result.get("account_name", "")))
        return self.me

    async def get_updates(self, seconds: int) -> Any:  # noqa: ANN401 - read by bot.zalo.updates
        """What a poll gives, as it came: at most one event. None: nothing came within the time.

        It may be gone with this answer, and it may come again with the next one.
        """
        try:
            return await self._call("getUpdates", {"timeout": str(seconds)}, seconds + SECONDS_MORE)
        except Uncertain as error:
            if error.code == HTTPStatus.REQUEST_TIMEOUT:
                return None
            raise

    async def set_webhook(self, url: str, secret: str) -> Verification:
        """Have events delivered to an address; polls aren't answered any more."""
        given = {"url": url, "secret_token": secret}
        told = _object(_object(await self._call("setWebhook", given)).get("verification"))
        status, ok = told.get("status_code"), told.get("ok")
        return Verification(
            ok if isinstance(ok, bool) else None,
            status if isinstance(status, int) else None,
            self._reason(told.get("hint")),
        )

    async def delete_webhook(self) -> None:
        """Have events wait for polls."""
        await self._call("deleteWebhook", {})

    async def get_webhook(self) -> str:
        """The webhook's address; empty when there is none."""
        return str(_object(await self._call("getWebhookInfo", {})).get("url") or "")

    async def send_message(self, chat: str, text: str) -> Sent:
        """Write a plain text of at most 2,000 characters."""
        return _sent(await self._call("sendMessage", {"chat_id": chat, "text": text}))

    async def send_photo(self, chat: str, address: str, caption: str = "") -> Sent:
        """Show a picture, which Zalo fetches from its public address."""
        given = {"chat_id": chat, "photo": address} | ({"caption": caption} if caption else {})
        return _sent(await self._call("sendPhoto", given, SECONDS_TO_FETCH))

    async def send_typing(self, chat: str) -> None:
        """Show that an answer is being written."""
        await self._call("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def _call(
        self, method: str, given: Mapping[str, str], seconds: float = SECONDS_TO_ANSWER
    ) -> Any:  # noqa: ANN401 - the result, as JSON has it
        """The result of a call; a ZaloError when it didn't go well."""
        answer = await self._post(method, given, seconds)
        if isinstance(answer, ZaloError):
            raise answer  # here, where it has no context that would quote the address
        status, body = answer
        try:
            read = json.loads(body)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict) or not isinstance(read.get("ok"), bool):
            raise Uncertain(method, "answered by something that isn't Zalo's Bot API", status)
        if read["ok"]:
            return read.get("result")
        given_code = read.get("error_code")
        code = given_code if isinstance(given_code, int) else status
        raise _kind(code, given)(method, self._reason(read.get("description")), code)

    async def _post(
        self, method: str, given: Mapping[str, str], seconds: float
    ) -> tuple[int, bytes] | ZaloError:
        timeout = aiohttp.ClientTimeout(
            total=SECONDS_TO_CONNECT + seconds, sock_connect=SECONDS_TO_CONNECT, sock_read=seconds
        )
        try:
            async with self._session.post(
                f"{self._base}/{method}", json=dict(given), timeout=timeout, allow_redirects=False
            ) as answer:
                self._answered(answer.headers.get("Date"))
                return answer.status, await answer.read()
        except _NOT_SENT as error:
            return NeverConnected(method, type(error).__name__)
        except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            return Uncertain(method, type(error).__name__)

    def _reason(self, text: object) -> str:
        """What Zalo said, without the token, and without the part that may quote a text."""
        said = text if isinstance(text, str) else ""
        return said.replace(self._secret, "…").split(":")[0][:_LONGEST_REASON]


def _kind(code: int, given: Mapping[str, str]) -> type[ZaloError]:
    """What an error of Zalo's means for a call with these parameters."""
    if code == HTTPStatus.FORBIDDEN and "chat_id" in given:
        return Blocked
    final = HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR
    return _BY_CODE.get(code, Refused if final else Uncertain)


def _object(result: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever JSON holds
    return result if isinstance(result, dict) else {}


def _sent(result: Any) -> Sent:  # noqa: ANN401
    """Where it stands. An answer that can't be read doesn't undo what was done."""
    told = _object(result)
    message = told.get("message_id")
    return Sent(None if message is None else str(message), instant_of(told.get("date")))
