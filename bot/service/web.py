"""The web server on LISTEN's address, and its routes for health, readiness and metrics."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.language import gettext as _
from bot.operations.metrics_page import MetricsPage
from bot.operations.readiness import OK, Readiness
from bot.service.connections import BoundedConnection
from bot.service.exit_error import ExitError

SECONDS_TO_STOP = 5
BACKLOG = 64


def routes(readiness: Readiness, metrics_page: MetricsPage) -> list[Route]:
    """Return the routes of `/healthz` (the process runs), `/readyz` (it can work), `/metrics`."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        parts = await readiness.look()
        is_ready = set(parts.values()) == {OK}
        waits = {"told_to_wait": pauses} if (pauses := readiness.pauses()) else {}
        answer = {"ready": is_ready, **parts, **waits}
        return JSONResponse(answer, status_code=200 if is_ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(await metrics_page.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics)]


class WebServer:
    """uvicorn in the program's own event loop and without signal handlers.

    `proxies` are the addresses whose X-Forwarded-For is believed, with commas between.
    """

    def __init__(self, proxies: str = "127.0.0.1,::1") -> None:
        self._proxies = proxies
        self._server: _Server | None = None
        self._socket: socket.socket | None = None
        self._ended = asyncio.Event()

    def listen(self, host: str, port: int) -> int:
        """Bind the port and return its number; raise ExitError when it is in use."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # asyncio sets TCP_NODELAY only for IPPROTO_TCP; without it each answer waits 40 ms.
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":  # on Windows the option would let two programs bind the port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, port))
            taken.listen(BACKLOG)
        except OSError as error:
            taken.close()
            raise ExitError(
                _(
                    "Can't listen on {host}:{port} ({strerror}); choose another port.",
                    host=host,
                    port=port,
                    strerror=error.strerror or error,
                )
            ) from error
        taken.setblocking(False)
        self._socket = taken
        return int(taken.getsockname()[1])

    def close(self) -> None:
        """Release the port, in case serve() was never called."""
        if self._socket is not None:
            self._socket.close()

    async def serve(self, app: Any) -> None:  # noqa: ANN401 - any ASGI application
        """Answer requests until stop() is called."""
        assert self._socket is not None
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,  # the webhook's path may be secret
                lifespan="off",  # the program opens and closes its parts itself
                ws="none",
                server_header=False,
                forwarded_allow_ips=self._proxies,
                timeout_graceful_shutdown=SECONDS_TO_STOP,
                http=BoundedConnection,
                # asyncio accepts up to this many connections at once and logs each failure.
                backlog=BACKLOG,
            )
        )
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Accept no new requests and finish the running ones, for at most SECONDS_TO_STOP."""
        if self._server is not None:
            self._server.should_exit = True
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_TO_STOP + 1):
                    await self._ended.wait()


class _Server(uvicorn.Server):
    """A server without signal handlers: the program stops everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handler."""
        yield
