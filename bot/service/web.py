"""The small web server on LISTEN: health, readiness, figures, and the webhook's endpoint."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.operations.metrics_page import Scraping
from bot.operations.readiness import OK, Readiness
from bot.service.connections import BoundedConnection
from bot.service.exit_error import ExitError

SECONDS_TO_STOP = 5
BACKLOG = 64


def routes(readiness: Readiness, scraping: Scraping) -> list[Route]:
    """`/healthz`: the process lives. `/readyz`: it can do its work. `/metrics`: what it counts."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        parts = await readiness.look()
        is_ready = set(parts.values()) == {OK}
        told = {"told_to_wait": pauses} if (pauses := readiness.pauses()) else {}
        answer = {"ready": is_ready, **parts, **told}
        return JSONResponse(answer, status_code=200 if is_ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(await scraping.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics)]


class WebServer:
    """uvicorn inside our own loop; signals stay with the program."""

    def __init__(self) -> None:
        self._server: _Server | None = None
        self._socket: socket.socket | None = None
        self._ended = asyncio.Event()

    def listen(self, host: str, port: int) -> int:
        """Take the port now, so that a busy one is a sentence at the start; gives the port."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Only where TCP is named does asyncio send at once; else each answer waits 40 ms.
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, port))
            taken.listen(BACKLOG)
        except OSError as error:
            taken.close()
            raise ExitError(
                f"Can't listen on {host}:{port} ({error.strerror or error}); choose another port."
            ) from error
        taken.setblocking(False)
        self._socket = taken
        return int(taken.getsockname()[1])

    def close(self) -> None:
        """Give the port back when it never came to serve()."""
        if self._socket is not None:
            self._socket.close()

    async def serve(self, app: Any) -> None:  # noqa: ANN401 - any ASGI application
        """Answer requests until stop()."""
        assert self._socket is not None
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,  # a path can hold what nobody should read
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=SECONDS_TO_STOP,
                http=BoundedConnection,
                # asyncio accepts so many in a row, and where it can't, logs that so many times.
                backlog=BACKLOG,
            )
        )
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Take no new requests, finish the present ones."""
        if self._server is not None:
            self._server.should_exit = True
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_TO_STOP + 1):
                    await self._ended.wait()


class _Server(uvicorn.Server):
    """Signals belong to the program, which stops everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch none."""
        yield
