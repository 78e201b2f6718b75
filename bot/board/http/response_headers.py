"""What every answer of the board carries.

The frame around the whole board: nothing leaves it without the headers, files and errors included.
"""

from collections.abc import Mapping, Sequence

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.board.http.error_pages import error_pages
from bot.board.http.responses import Web
from bot.operations.logs import report

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


def framed(web: Web, routes: Sequence[BaseRoute]) -> ASGIApp:
    """The board as an application; an answer carries each header that it hasn't set itself."""
    return _Frame(Starlette(routes=routes, exception_handlers=error_pages(web)))


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
