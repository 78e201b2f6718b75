"""Reading the form of a request, with limits: anybody can send one, even without a session."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.service.connections import SECONDS_FOR_BODY, body_of

LARGEST_FORM = 64 * 1024  # bytes; the note and ticked questions of a report need a tenth of it
TOO_LARGE = 413


async def form_of(
    request: Request, most: int = LARGEST_FORM, seconds: float = SECONDS_FOR_BODY
) -> FormData:
    """Return the fields of a form; raise HTTPException 413 for a longer or slower body."""
    body = await body_of(request, most, seconds)
    if body is None:
        raise HTTPException(TOO_LARGE)
    return await Request(request.scope, _whole(body)).form(max_files=1)


def _whole(body: bytes) -> Callable[[], Awaitable[MutableMapping[str, Any]]]:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
