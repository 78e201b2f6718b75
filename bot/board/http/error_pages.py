"""The error pages: no such page, the database fails, or the program has a bug."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.board.http.forms import TOO_LARGE
from bot.board.http.responses import BoardContext
from bot.operations.logs import report
from handlers.texts import language_of, texts_of
from storage.errors import StorageError

log = structlog.get_logger(__name__)


def error_pages(web: BoardContext) -> Mapping[type[Exception], Callable[[Request, Any], Any]]:
    """Return the exception handlers; each page tells the person that nothing was done."""

    async def refused(request: Request, error: HTTPException) -> Response:
        """Answer an unknown address or method, or a form that is too long."""
        key = "board.too_long" if error.status_code == TOO_LARGE else "board.gone"
        return _page(web, request, error.status_code, key)

    async def no_storage(request: Request, error: StorageError) -> Response:
        report(log, "request of the board not done", error)
        return _page(web, request, HTTPStatus.SERVICE_UNAVAILABLE)

    async def bug(request: Request, _: Exception) -> Response:  # `_WithHeaders` logs it
        return _page(web, request, HTTPStatus.INTERNAL_SERVER_ERROR)

    return {HTTPException: refused, StorageError: no_storage, Exception: bug}


def _page(web: BoardContext, request: Request, status: int, key: str = "board.trouble") -> Response:
    texts = texts_of(language_of(request.headers.get("Accept-Language")))
    fields = {"message": texts.say(key), "first": web.first_page}
    return web.html("gone.html", texts, fields, status)
