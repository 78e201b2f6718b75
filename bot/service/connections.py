"""Limits the web server's connections: their number, and the time for each request.

uvicorn limits neither the time of a request nor idle connections; both use file descriptors, of
which a process has few.
"""

import asyncio
from typing import Any

from starlette.requests import ClientDisconnect, Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def _at_most(wanted: int, share: float) -> int:
    """So many connections, within a share of the file descriptors that the process may have."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return wanted
    return min(wanted, int(resource.getrlimit(resource.RLIMIT_NOFILE)[0] * share))


MOST = _at_most(200, 0.25)  # Telegram opens 40
MOST_HELD = _at_most(500, 0.5)  # beside them: answers that take minutes, of people who are known
SECONDS_TO_ASK = 15.0  # for the whole head of a request
LARGEST_HEAD = 64 * 1024  # bytes
SECONDS_FOR_BODY = 15.0
LARGEST_BODY = 1024 * 1024  # bytes; an update has at most some ten thousand
_HELD = "held"  # in the state of a request


class BoundedConnection(HttpToolsProtocol):
    """Closes a connection whose request is late or too long; above MOST the longest idle one.

    Connections that are held (`hold`) don't count: whoever holds them limits their number.
    """

    silent_since: float
    _asked = 0  # bytes since the last answer
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Start the time limit for the first request."""
        self.silent_since = self.loop.time()
        self._look_later()
        super().connection_made(transport)
        if len(self.connections) > MOST:
            every = [one for one in self.connections if isinstance(one, BoundedConnection)]
            if sum(not one.held for one in every) > MOST:
                # The newest connection is idle too, so there is always one to close.
                silent = [one for one in every if one.silent]
                min(silent, key=lambda one: one.silent_since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time limit."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Receive a part of a request; the size of its head is limited here, its body's later."""
        if self.silent:
            self._asked += len(data)
            if self._asked > LARGEST_HEAD:
                self.transport.abort()
                return
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Restart the time limit for the next request."""
        self._asked = 0
        self.silent_since = self.loop.time()
        super().on_response_complete()

    @property
    def silent(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def held(self) -> bool:
        """Whether a request is being answered that somebody known holds open."""
        return not self.silent and _HELD in self.cycle.scope["state"]

    def _look_later(self) -> None:
        since = self.silent_since if self.silent else self.loop.time()
        self._timer = self.loop.call_at(since + SECONDS_TO_ASK, self._look)

    def _look(self) -> None:
        if self.silent and self.loop.time() - self.silent_since >= SECONDS_TO_ASK:
            self.transport.abort()
        else:
            self._look_later()


def hold(request: Request) -> None:
    """Count the request's connection apart while it is answered; at most MOST_HELD at a time."""
    request.scope.setdefault("state", {})[_HELD] = True


async def body_of(
    request: Request, most: int | None = None, seconds: float | None = None
) -> bytes | None:
    """The request's body; None when it has more than `most` bytes or takes more `seconds`."""
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
