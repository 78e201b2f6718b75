"""Limits the web server's connections: their number, and the time for each request.

uvicorn limits neither the time of a request nor the number of idle connections. Each connection
uses a file descriptor, and a process has few.
"""

import asyncio
from typing import Any

from starlette.requests import ClientDisconnect, Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def _at_most(wanted: int, share: float) -> int:
    """Return `wanted`, or less if that exceeds a share of the process's file descriptors."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    return min(wanted, int(resource.getrlimit(resource.RLIMIT_NOFILE)[0] * share))


MOST = _at_most(200, 0.25)  # Telegram opens 40
MOST_HELD = _at_most(500, 0.5)  # additional ones: long responses to people who are signed in
SECONDS_TO_ASK = 15.0  # until the whole head of a request has arrived
LARGEST_HEAD = 64 * 1024  # bytes
SECONDS_FOR_BODY = 15.0
LARGEST_BODY = 1024 * 1024  # bytes; the largest updates have some ten thousand
_HELD = "held"  # a key in the state of a request


class BoundedConnection(HttpToolsProtocol):
    """A connection that closes itself when its request is late or too long.

    When more than MOST are open, the newest one closes the one that has been idle for longest.
    Connections of long responses (`hold`) don't count; the caller of `hold` limits their number.
    """

    idle_since: float
    _received = 0  # bytes since the last response
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Start the time limit of the first request; above MOST, close an idle connection."""
        self.idle_since = self.loop.time()
        self._check_later()
        super().connection_made(transport)
        if len(self.connections) > MOST:
            every = [one for one in self.connections if isinstance(one, BoundedConnection)]
            if sum(not one.held for one in every) > MOST:
                # The newest connection is idle too, so there is always one to close.
                idle = [one for one in every if one.idle]
                min(idle, key=lambda one: one.idle_since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time limit."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Receive a part of a request; limit the size of its head (`body_of` limits the body)."""
        if self.idle:
            # One read can contain the head and a part of the body, which is no part of the limit.
            head, data = (
                data[: LARGEST_HEAD - self._received],
                data[LARGEST_HEAD - self._received :],
            )
            self._received += len(head)
            super().data_received(head)
            if self.idle and data:
                self.transport.abort()
            if not data or self.transport.is_closing():
                return
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Restart the time limit for the next request."""
        self._received = 0
        self.idle_since = self.loop.time()
        super().on_response_complete()

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def held(self) -> bool:
        """Whether a request for which `hold` was called is being answered."""
        return not self.idle and _HELD in self.cycle.scope["state"]

    def _check_later(self) -> None:
        since = self.idle_since if self.idle else self.loop.time()
        self._timer = self.loop.call_at(since + SECONDS_TO_ASK, self._check)

    def _check(self) -> None:
        if self.idle and self.loop.time() - self.idle_since >= SECONDS_TO_ASK:
            self.transport.abort()
        else:
            self._check_later()


def hold(request: Request) -> None:
    """Exclude the request's connection from the limit MOST until it is answered.

    The caller ensures that at most MOST_HELD connections are held at a time.
    """
    request.scope.setdefault("state", {})[_HELD] = True


async def body_of(
    request: Request, most: int | None = None, seconds: float | None = None
) -> bytes | None:
    """Return the request's body; None if it has more than `most` bytes or takes more `seconds`."""
    most = LARGEST_BODY if most is None else most
    seconds = SECONDS_FOR_BODY if seconds is None else seconds
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(body)
