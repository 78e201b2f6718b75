"""The small web server on LISTEN: health, readiness, figures, and the webhook's endpoint."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn
from sqlalchemy import Connection, text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.ending import Ending
from storage.database import Database
from storage.errors import StorageError

Figures = Callable[[], Mapping[str, float]]
SECONDS_TO_STOP = 5


def routes(database: Database, reached: Callable[[], bool], figures: Figures) -> list[Route]:
    """`/healthz`: the process lives. `/readyz`: database and Telegram do. `/metrics`: counts."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        state = {"database": await _answers(database), "telegram": reached()}
        return JSONResponse(state, status_code=200 if all(state.values()) else 503)

    async def metrics(_: Request) -> Response:
        lines = [f"smart_commune_{name} {value:g}\n" for name, value in figures().items()]
        return PlainTextResponse("".join(lines), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics)]


async def _answers(database: Database) -> bool:
    def ask(tx: Connection) -> bool:
        return bool(tx.scalar(text("SELECT 1")))

    try:
        async with asyncio.timeout(2):
            return await database.read(ask) and not database.failing
    except (StorageError, TimeoutError):
        return False


class WebServer:
    """uvicorn inside our own loop; signals stay with the program."""

    def __init__(self) -> None:
        self._server: _Server | None = None
        self._socket: socket.socket | None = None

    def listen(self, host: str, port: int) -> int:
        """Take the port now, so that a busy one is a sentence at the start; gives the port."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Only where TCP is named does asyncio send at once; else each answer waits 40 ms.
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, port))
            taken.listen(128)
        except OSError as error:
            taken.close()
            raise Ending(
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
            )
        )
        await self._server.serve(sockets=[self._socket])

    async def stop(self, serving: asyncio.Task[Any]) -> None:
        """Take no new requests, finish the present ones."""
        if self._server is not None:
            self._server.should_exit = True
            await asyncio.wait({serving}, timeout=SECONDS_TO_STOP + 1)


class _Server(uvicorn.Server):
    """Signals belong to the program, which stops everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch none."""
        yield
