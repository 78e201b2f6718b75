"""The simulator as a web application, and as a running server which ends without hanging."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from socket import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator import bot_api
from bot.simulator.page_api import PageApi
from bot.simulator.webhook import deliver
from bot.simulator.world import World

_PAGE = Path(__file__).parent / "page"


def create_app(world: World) -> Starlette:
    """The Bot API, the files, the page and what the page asks."""

    async def index(_: Request) -> Response:
        return FileResponse(_PAGE / "index.html")

    async def call(request: Request) -> Response:
        return await bot_api.call(world, request)

    async def download(request: Request) -> Response:
        return await bot_api.download(world, request)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with delivering(world):
            yield

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", download),
            *PageApi(world).routes(),
            Route("/", index),
            Mount("/page", StaticFiles(directory=_PAGE)),
        ],
        lifespan=lifespan,
    )


@contextlib.asynccontextmanager
async def delivering(world: World) -> AsyncIterator[None]:
    """Deliver to the webhook meanwhile."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver(world))
        try:
            yield
        finally:
            task.cancel()


class Server(uvicorn.Server):
    """A uvicorn server which first ends the long polls and the event streams."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the program around it."""
        yield

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let nobody wait, then stop."""
        self._world.close()
        await super().shutdown(sockets)


@contextlib.asynccontextmanager
async def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Run the simulator meanwhile; gives its address (port 0: any free one)."""
    world.open()
    config = uvicorn.Config(
        create_app(world),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    server = Server(config, world)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(server.serve())
        try:
            while not server.started:
                if task.done():
                    raise OSError(f"the simulator cannot listen on {host}:{port}")
                await asyncio.sleep(0.01)
            bound = server.servers[0].sockets[0].getsockname()[1]
            yield f"http://{host}:{bound}"
        finally:
            server.should_exit = True
