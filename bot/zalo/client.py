"""Zalo's Bot API over HTTP: the methods that the program needs, and the errors of its answers.

ZaloError
 ├─ NeverConnected  the request certainly didn't arrive: it may be repeated
 ├─ Uncertain       it is unknown whether it was done: the answer is lost, late, 5xx or not JSON
 ├─ WrongToken      401: all calls fail until somebody sets the new token
 ├─ Blocked         403: the bot can't write to this person
 ├─ OverQuota       429: a rate or the plan's quota is used up; Zalo doesn't say until when
 ├─ Refused         any other error: a retry fails too
 └─ PartlySent      an earlier message of the same text arrived: it must not be repeated

The address of every call contains the token, so no text of aiohttp's errors is passed on.
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
SECONDS_TO_FETCH = 60.0  # for sendPhoto: Zalo fetches the photo before it answers
SECONDS_MORE = 10.0  # that a poll's answer may take beyond the poll's own time
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
_LONGEST_REASON = 80
_LATEST = 1 << 45  # milliseconds; a number after the year 3000 isn't a date


def instant_of(milliseconds: object) -> datetime | None:
    """Return one of Zalo's times as an instant in whole seconds; None if it isn't a date."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    if not 0 < milliseconds < _LATEST:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


class ZaloError(Exception):
    """A failed call: the method, Zalo's code if it gave one, and the reason."""

    def __init__(self, method: str, why: str, code: int | None = None) -> None:
        super().__init__(f"{method}: {why}" if code is None else f"{method}: {code} {why}")
        self.method = method
        self.code = code


class NeverConnected(ZaloError):  # noqa: N818 - these read as what happened
    """No connection could be made."""


class Uncertain(ZaloError):  # noqa: N818
    """Zalo may have done what was asked."""


class WrongToken(ZaloError):  # noqa: N818
    """The token was reset, or was never right."""


class Blocked(ZaloError):  # noqa: N818
    """The person has blocked the bot."""


class OverQuota(ZaloError):  # noqa: N818
    """There were too many calls, messages in this month, or people."""


class Refused(ZaloError):  # noqa: N818
    """Zalo refuses the call."""


class PartlySent(ZaloError):  # noqa: N818
    """A later message of a long text failed with `cause`, after an earlier one had arrived."""

    def __init__(self, cause: ZaloError) -> None:
        super().__init__(cause.method, f"only a part was sent: {cause}")
        self.cause = cause


_BY_CODE: dict[int, type[ZaloError]] = {
    HTTPStatus.UNAUTHORIZED: WrongToken,
    HTTPStatus.REQUEST_TIMEOUT: Uncertain,
    HTTPStatus.TOO_MANY_REQUESTS: OverQuota,
}


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot's identity at Zalo."""

    id: str
    account_name: str  # "bot.…"

    @property
    def link(self) -> str:
        """The address that opens a chat with the bot."""
        return f"https://zalo.me/bot.{self.account_name.removeprefix('bot.')}"

    def as_link(self, bot: str) -> BotLink:
        """Return the link by which people find the bot; `bot` is its name in this program."""
        return BotLink(bot, self.account_name.removeprefix("bot."), self.link)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that arrived, with its id and time; each is None if Zalo's answer lacks it."""

    message: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of Zalo's probe of a new webhook, which is set in any case.

    `ok` is None when Zalo doesn't report it.
    """

    ok: bool | None
    status: int | None = None
    hint: str = ""


class ZaloClient:
    """The methods of one bot. The caller opens and closes the session with its connections."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        url: str = ZALO,
        answered: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        self._answered = answered  # is called with the Date header of each answer
        self._session = session
        self._secret = token.rpartition(":")[2]
        self._base = f"{url.rstrip('/')}/bot{token}"
        self.me: Bot | None = None  # the last answer of get_me

    async def get_me(self) -> Bot:
        """Return who the bot is."""
        result = _object(await self._call("getMe", {}))
        self.me = Bot(str(result.get("id", "")), str(result.get("account_name", "")))
        return self.me

    async def get_updates(self, seconds: int) -> Any:  # noqa: ANN401 - read by bot.zalo.updates
        """Poll for at most one event; return it as it came, or None if none came in time.

        After the answer the event may be gone at Zalo, or it may come again with the next poll.
        """
        try:
            return await self._call("getUpdates", {"timeout": str(seconds)}, seconds + SECONDS_MORE)
        except Uncertain as error:
            if error.code == HTTPStatus.REQUEST_TIMEOUT:
                return None
            raise

    async def set_webhook(self, url: str, secret: str) -> Verification:
        """Have Zalo deliver events to an address; it no longer answers polls then."""
        given = {"url": url, "secret_token": secret}
        probe = _object(_object(await self._call("setWebhook", given)).get("verification"))
        status, ok = probe.get("status_code"), probe.get("ok")
        return Verification(
            ok if isinstance(ok, bool) else None,
            status if isinstance(status, int) else None,
            self._reason(probe.get("hint")),
        )

    async def delete_webhook(self) -> None:
        """Remove the webhook, so that events wait for polls."""
        await self._call("deleteWebhook", {})

    async def get_webhook(self) -> str:
        """Return the webhook's address; empty if none is set."""
        return str(_object(await self._call("getWebhookInfo", {})).get("url") or "")

    async def send_message(self, chat: str, text: str) -> Sent:
        """Send a plain text of at most 2,000 characters."""
        return _sent(await self._call("sendMessage", {"chat_id": chat, "text": text}))

    async def send_photo(self, chat: str, address: str, caption: str = "") -> Sent:
        """Send a picture, which Zalo fetches from its public address."""
        given = {"chat_id": chat, "photo": address} | ({"caption": caption} if caption else {})
        return _sent(await self._call("sendPhoto", given, SECONDS_TO_FETCH))

    async def send_typing(self, chat: str) -> None:
        """Show in the chat that the bot is writing."""
        await self._call("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def _call(
        self, method: str, given: Mapping[str, str], seconds: float = SECONDS_TO_ANSWER
    ) -> Any:  # noqa: ANN401 - the result as JSON
        """Make a call and return its result; raise a ZaloError when it fails."""
        answer = await self._post(method, given, seconds)
        if isinstance(answer, ZaloError):
            raise answer  # raised here, it has no context that would quote the address
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
        """Return Zalo's reason without the token and the part that may quote a person's text."""
        reason = text if isinstance(text, str) else ""
        return reason.replace(self._secret, "…").split(":")[0][:_LONGEST_REASON]


def _kind(code: int, given: Mapping[str, str]) -> type[ZaloError]:
    """Return the error class for Zalo's code in answer to a call with these parameters."""
    if code == HTTPStatus.FORBIDDEN and "chat_id" in given:
        return Blocked
    final = HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR
    return _BY_CODE.get(code, Refused if final else Uncertain)


def _object(result: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON value
    return result if isinstance(result, dict) else {}


def _sent(result: Any) -> Sent:  # noqa: ANN401
    """Return the sent message. It was sent even if the answer has no valid id or date."""
    answer = _object(result)
    message = answer.get("message_id")
    return Sent(None if message is None else str(message), instant_of(answer.get("date")))
