"""PTB's requests over aiohttp, at five times the rate of its httpx client (docs/decisions/0003).

It distinguishes a request that never arrived from one whose answer was lost: only the first may
safely be repeated.
"""

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

import aiohttp
import httpx
from pydantic_core import to_json
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.telegram.proxy_errors import (
    PROXY_WANTS_PASSWORD,
    NeverConnected,
    password_refused,
    proxy_failure,
)

SECONDS_TO_CONNECT = 10.0
SECONDS_TO_ANSWER = 20.0
SECONDS_TO_UPLOAD = 60.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}
KEEP_OPEN = 50.0  # seconds; less than the usual 75 of servers, so that the client closes first


class NotTelegram(NetworkError):  # noqa: N818 - reads as what happened
    """The answer isn't JSON, so a proxy sent it; it is unknown whether Telegram got the call."""


@dataclass(frozen=True, slots=True)
class PlainData:
    """The parameters of a call, as plain values with the attributes of PTB's RequestData.

    PTB documents which attributes a request may read, but not how to build a RequestData.
    """

    given: Mapping[str, object]
    multipart_data: dict[str, Any] = field(default_factory=dict)
    contains_files: bool = False

    @property
    def json_parameters(self) -> dict[str, str]:
        """Return each parameter as a string, for the forms of other requests."""
        return {
            name: value if isinstance(value, str) else to_json(value).decode()
            for name, value in self.given.items()
        }


def plain_data(given: Mapping[str, object]) -> RequestData:
    """Return the parameters of a call that has neither PTB objects nor files."""
    return cast("RequestData", PlainData(given))


class AiohttpRequest(BaseRequest):
    """One pool of connections, optionally through an HTTP or SOCKS proxy."""

    def __init__(
        self,
        *,
        connections: int = 128,
        proxy: str | None = None,
        answered: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        self._connections = connections
        self._answered = answered  # is called with the Date header of each answer
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """The time limit for an answer in seconds."""
        return SECONDS_TO_ANSWER

    async def initialize(self) -> None:
        """Open the connection pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _connector(self) -> aiohttp.BaseConnector:
        if self._proxy is None or self._proxy.startswith("http"):
            return aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_OPEN)
        from aiohttp_socks import ProxyConnector

        # The proxy resolves names: where Telegram is blocked, its name often is too.
        address = self._proxy.replace("socks5h://", "socks5://")
        return ProxyConnector.from_url(
            address, limit=self._connections, keepalive_timeout=KEEP_OPEN
        )

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - PTB's own kind of default
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002 - aiohttp has none
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Send one request and return status and body; raise PTB's errors."""
        if self._session is None:
            raise NeverConnected("the connection pool isn't open")
        body, headers, files = _content(request_data)
        timeout = _timeout(
            _given(pool_timeout, None),  # no limit: to wait for a free connection is no failure
            _given(connect_timeout, SECONDS_TO_CONNECT),
            _given(read_timeout, SECONDS_TO_UPLOAD if files else SECONDS_TO_ANSWER),
        )
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy if self._proxy and self._proxy.startswith("http") else None,
                allow_redirects=False,
            ) as response:
                date = response.headers.get("Date")
                status, body = response.status, await response.read()
        except Exception as error:
            failure = proxy_failure(error, self._proxy) if self._proxy else None
            raise failure or _translated(error) from error
        # The Bot API always answers with JSON; files are fetched with GET.
        if method == "POST" and not body.lstrip().startswith(b"{"):
            if status == PROXY_WANTS_PASSWORD:
                raise password_refused(self._proxy or "")
            raise NotTelegram(f"answered by something that isn't Telegram ({status})")
        if method == "POST" and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._answered(date)
        return status, body


def never_arrived(error: TelegramError) -> bool:
    """Return whether the request certainly didn't reach the server, so that it may be repeated."""
    unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # of PTB's own client
    return isinstance(error, NeverConnected) or isinstance(error.__cause__, unsent)


def refused_by_server(error: NetworkError) -> bool:
    """Return whether Telegram answered with a 5xx error, and so most likely did nothing."""
    if isinstance(error, NotTelegram):
        return False
    return error.__cause__ is None or isinstance(error.__cause__, TelegramError)


@lru_cache(maxsize=32)
def _timeout(
    pool: float | None, connect: float | None, answer: float | None
) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=pool, sock_connect=connect, sock_read=answer)


def _given(value: object, default: float | None) -> float | None:
    if value is BaseRequest.DEFAULT_NONE:
        return default
    return value if isinstance(value, float | int) else None


def _content(data: RequestData | PlainData | None) -> tuple[Any, Mapping[str, str] | None, bool]:
    """Return the body for aiohttp, the headers with its type, and whether it has files."""
    if isinstance(data, PlainData):
        return to_json(data.given), _JSON, False
    if data is None:
        return None, None, False
    if not data.multipart_data:
        # yarl encodes a form five times as fast as urllib, and faster than aiohttp.
        query = URL.build(query=data.json_parameters).raw_query_string
        return query.encode("ascii"), _FORM, False
    # Telegram expects file names in UTF-8 and doesn't decode percent-encoded ones.
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    files: Mapping[str, Any] = data.multipart_data
    for name, (filename, content, media_type) in files.items():
        given = io.BytesIO(content) if isinstance(content, bytes) else content  # sent in pieces
        form.add_field(name, given, filename=_in_one_line(filename), content_type=media_type)
    return form, None, True


def _in_one_line(filename: str) -> str:
    """Return the file name without characters that can't be in a header."""
    return "".join(one if one.isprintable() else "_" for one in filename)


def _translated(error: Exception) -> Exception:
    """Return PTB's error for it, with only the type's name: the text may contain the token."""
    name = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return NeverConnected(name)
    if isinstance(error, asyncio.TimeoutError):
        return TimedOut(name)
    if isinstance(error, aiohttp.ClientError | OSError):
        return NetworkError(name)
    return error
