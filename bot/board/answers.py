"""What every answer of the board carries, and one sentence for what is refused or has failed.

The frame around the whole board: nothing leaves it without the headers, files and errors included.
"""

from collections.abc import Mapping, Sequence

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.board.web import Web
from bot.operations.logs import report
from handlers.texts import language_of, texts_of

log = structlog.get_logger(__name__)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a form would be posted without its origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
_SAID = {413: "board.too_long", 500: "board.failed"}


def framed(web: Web, routes: Sequence[BaseRoute]) -> ASGIApp:
    """The board as an application; an answer carries each header that it hasn't set itself."""

    async def refused(request: Request, error: Exception) -> Response:
        """No such address or method, a form that is too long, or a failure."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        texts = texts_of(language_of(request.headers.get("Accept-Language")))
        said = texts.say(_SAID.get(status, "board.gone"))
        return web.html("gone.html", texts, {"said": said, "first": web.first_page}, status)

    return _Frame(
        Starlette(routes=routes, exception_handlers={HTTPException: refused, Exception: refused})
    )


class _Frame:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - it has been answered; the log needs no message
            report(log, "board failed", error)
