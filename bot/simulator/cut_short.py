"""An HTTP response that ends too early, as on a bad connection."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.simulator.refusal import ConnectionDropped


class TruncatedResponse(Response):
    """A response whose header announces more bytes than it sends."""

    def __init__(self, error: Callable[[], Exception] | None) -> None:
        super().__init__()
        self._error = error

    async def __call__(
        self,
        scope: Scope,  # noqa: ARG002 - Starlette's signature
        receive: Receive,  # noqa: ARG002
        send: Send,
    ) -> None:
        """Send a part of the response, or nothing, then close the connection."""
        if self._error is not None:
            raise self._error()
        length = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})
        raise ConnectionDropped("asked for by a fault")
